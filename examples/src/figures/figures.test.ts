import { toSvg } from '@sgm/viz'
import { describe, expect, it } from 'vitest'
import { pictures } from './pictures'

describe('the pictures of the page on figures', () => {
  it.each([
    ['score-field', /^10 contours; 289 arrows of a vector field\. Shown: x from -8 to 8/],
    ['densities', /^Histogram of 2000 values: 2 000 samples; line: density\./],
    ['levels', /^σ = 20: .* σ = 5: .* σ = 1: 10 contours; 400 points\./],
    ['digits', /^40 images of 28 × 28 pixels\./],
  ] as const)('%s shows what it says', async (name, description) => {
    const picture = await pictures[name]!()
    expect(picture.layout().description).toMatch(description)
    expect(toSvg(picture).length).toBeGreaterThan(5000)
  })
})
