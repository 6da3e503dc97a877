import {
  add,
  full,
  key,
  mul,
  type NamedTensors,
  normal,
  reshape,
  sumRows,
  tensor,
  valueAndGrad,
} from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { draw } from './block'
import { groupNorm } from './group-norm'

/** Mean and variance over each group in float64, two passes. */
function reference(
  x: ArrayLike<number>,
  shape: number[],
  groups: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
) {
  const [batch, height, width, channels] = shape as [number, number, number, number]
  const y = new Float64Array(x.length)
  const perGroup = channels / groups
  for (let b = 0; b < batch; b++) {
    for (let g = 0; g < groups; g++) {
      const places = Array.from({ length: height * width * perGroup }, (_, i) => {
        const [place, c] = [Math.floor(i / perGroup), (i % perGroup) + g * perGroup]
        return (b * height * width + place) * channels + c
      })
      const mean = places.reduce((s, i) => s + x[i]!, 0) / places.length
      const variance = places.reduce((s, i) => s + (x[i]! - mean) ** 2, 0) / places.length
      for (const i of places) {
        const c = i % channels
        y[i] = ((x[i]! - mean) / Math.sqrt(variance + 1e-6)) * weight[c]! + bias[c]!
      }
    }
  }
  return y
}

const norm = groupNorm('n', { channels: 6, groups: 2 })
const shape = [2, 3, 4, 6]

describe('groupNorm', () => {
  it('normalises each group by its mean and deviation', async () => {
    const p = { 'n.weight': normal(key(1), [6]), 'n.bias': normal(key(2), [6]) }
    const x = add(mul(normal(key(3), shape), 3), tensor([100, -2, 0, 5, 50, 1]))
    const exact = reference(await x.data(), shape, 2, await p['n.weight'].data(), await p['n.bias'].data())
    await expectNear(norm.apply(p, x), exact)
  })

  it('leaves a constant image at its bias', async () => {
    const p = { 'n.weight': normal(key(1), [6]), 'n.bias': normal(key(2), [6]) }
    const bias = await p['n.bias'].data()
    // Scaled by 1/√epsilon = 1000, the image's 3 and the mean's −3 cancel to float32's rounding of 3000.
    const exact = Array.from({ length: 144 }, (_, i) => bias[i % 6]!)
    await expectNear(norm.apply(p, full(shape, 3)), exact, 1e-3)
  })

  it('takes an offset as if it were added first', async () => {
    const p = { 'n.weight': normal(key(1), [6]), 'n.bias': normal(key(2), [6]) }
    const [x, offset] = [normal(key(3), shape), mul(normal(key(6), [2, 6]), 3)]
    const shifted = add(x, reshape(offset, [2, 1, 1, 6]))
    const exact = reference(
      await shifted.data(),
      shape,
      2,
      await p['n.weight'].data(),
      await p['n.bias'].data(),
    )
    await expectNear(norm.apply(p, x, offset), exact)
  })

  it('starts as the identity scale', async () => {
    const p = draw(norm.parameters, key(0))
    expect([...(await p['n.weight']!.data())]).toEqual(Array(6).fill(1))
    expect([...(await p['n.bias']!.data())]).toEqual(Array(6).fill(0))
  })

  it('has an input gradient that is orthogonal to constants and to the input', async () => {
    const p = draw(norm.parameters, key(0))
    const probe = normal(key(4), shape)
    const f = ({ x }: NamedTensors) => sumRows(mul(norm.apply(p, x!), probe))
    const x = normal(key(5), shape)
    const { gradient } = valueAndGrad<NamedTensors, []>(f)({ x })
    const [g, values] = [await gradient.x!.data(), await x.data()]
    // y does not change with the mean or the scale of a group, up to epsilon.
    for (let b = 0; b < 2; b++) {
      for (let group = 0; group < 2; group++) {
        let [total, radial] = [0, 0]
        for (let i = 0; i < 72; i++) {
          const c = i % 6
          if (Math.floor(c / 3) !== group) continue
          total += g[b * 72 + i]!
          radial += g[b * 72 + i]! * values[b * 72 + i]!
        }
        expect(Math.abs(total)).toBeLessThan(1e-4)
        expect(Math.abs(radial)).toBeLessThan(1e-4)
      }
    }
  })

  it('refuses groups that do not divide the channels', () => {
    expect(() => groupNorm('n', { channels: 6, groups: 4 })).toThrow(
      'groupNorm: expected groups that divide 6 channels, got 4',
    )
  })
})
