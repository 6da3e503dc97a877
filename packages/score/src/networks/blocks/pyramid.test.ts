import { add, key, mul, normal, type Tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import type { draw } from './block'
import { head } from './head'
import { inputPyramid, outputPyramid } from './pyramid'
import { downMean, firDown, firUp, upNearest } from './resample'
import { downConv, upConv } from './resample-conv'

const style = { groups: () => 2, epsilon: 1e-6, rescale: true }
const rough = (parameters: Parameters<typeof draw>[0]): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }], i) => [name, normal(key(10 + i), shape)]),
  )
const h = normal(key(1), [2, 4, 4, 4])

describe('inputPyramid', () => {
  const pyramid = normal(key(2), [2, 8, 8, 3])

  it.each([true, false])('for skips adds the halved image by a 1×1 convolution (FIR: %s)', async (fir) => {
    const step = inputPyramid('s', 'skip', { before: 3, beside: 4, fir }, style)
    const p = rough(step.parameters)
    const next = step.apply(p, h, pyramid)
    const smaller = (fir ? firDown : downMean)(pyramid)
    await expectNear(next.pyramid, smaller)
    const [values, w, b] = [await smaller.data(), await p['s.weight']!.data(), await p['s.bias']!.data()]
    const before = await h.data()
    const wanted = Array.from(before, (v, i) => {
      const [place, o] = [Math.floor(i / 4), i % 4]
      return [0, 1, 2].reduce((s, c) => s + values[place * 3 + c]! * w[c * 4 + o]!, v + b[o]!)
    })
    await expectNear(next.h, wanted)
  })

  it.each([true, false])('as residual blocks goes on with the sum (FIR: %s)', async (fir) => {
    const step = inputPyramid('s', 'residual', { before: 3, beside: 4, fir }, style)
    const p = rough(step.parameters)
    const next = step.apply(p, h, pyramid)
    const halved = downConv('s', { inputs: 3, outputs: 4, fir }).apply(p, pyramid)
    await expectNear(next.h, mul(add(halved, h), Math.SQRT1_2))
    expect(next.pyramid).toBe(next.h)
  })
})

describe('outputPyramid', () => {
  it.each([true, false])('for skips adds an image to the doubled one (FIR: %s)', async (fir) => {
    const step = outputPyramid('s', 'skip', { before: 3, beside: 4, fir }, style, false)
    const p = rough(step.parameters)
    const image = head('s', { inputs: 4, outputs: 3 }, style).apply(p, h)
    const before = normal(key(3), [2, 2, 2, 3])
    const next = step.apply(p, h, before)
    expect(next.h).toBe(h)
    await expectNear(next.pyramid, add((fir ? firUp : upNearest)(before), image))
    const first = outputPyramid('s', 'skip', { before: 3, beside: 4, fir }, style, true)
    await expectNear(first.apply(p, h, before).pyramid, image)
  })

  it.each([true, false])('as residual blocks goes on with the sum (FIR: %s)', async (fir) => {
    const step = outputPyramid('s', 'residual', { before: 6, beside: 4, fir }, style, false)
    const p = rough(step.parameters)
    const before = normal(key(3), [2, 2, 2, 6])
    const next = step.apply(p, h, before)
    const grown = upConv('s.conv', { inputs: 6, outputs: 4, fir }).apply(p, before)
    await expectNear(next.h, mul(add(grown, h), Math.SQRT1_2))
    expect(next.pyramid).toBe(next.h)
    const first = outputPyramid('s', 'residual', { before: 3, beside: 4, fir }, style, true)
    const q = rough(first.parameters)
    await expectNear(
      first.apply(q, h, before).pyramid,
      head('s', { inputs: 4, outputs: 4 }, style).apply(q, h),
    )
  })
})
