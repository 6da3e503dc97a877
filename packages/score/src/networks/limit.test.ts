import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { ddpm } from './ddpm'
import { ddpmpp } from './ddpmpp'
import { dit } from './dit'
import { mlp } from './mlp'
import { ncsnpp } from './ncsnpp'
import { countParameters } from './network'
import { noiseClassifier } from './noise-classifier'
import { refineNet } from './refine-net'
import { tutorialUnet } from './tutorial-unet'

const width = 2 ** 30

describe('the most parameters of a network', () => {
  it.each([
    ['ddpm', () => ddpm({ width })],
    ['ddpmpp', () => ddpmpp({ width })],
    ['ncsnpp', () => ncsnpp({ width })],
    ['refineNet', () => refineNet({ width })],
    ['noiseClassifier', () => noiseClassifier({ width })],
    ['dit', () => dit({ width, heads: 1 })],
    ['mlp', () => mlp({ hidden: [width, width] })],
    ['tutorialUnet', () => tutorialUnet({ widths: [width, width, width, width] })],
  ])('is known before any of them is made: %s', (name, make) => {
    expectNoLeaks(() => {
      expect(make).toThrow(RangeError)
      expect(make).toThrow(`${name}: expected at most 1073741824 parameters (the option limit), got `)
    })
  })

  it('is the option limit', () => {
    // 3 · 4 + 4 and 4 · 2 + 2
    expect(countParameters(mlp({ hidden: [4], limit: 26 }))).toBe(26)
    expect(() => mlp({ hidden: [4], limit: 25 })).toThrow(
      'mlp: expected at most 25 parameters (the option limit), got 26',
    )
  })
})
