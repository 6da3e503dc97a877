import { add, key, mul, normal, reshape, silu, type Tensor, zeros } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { conv } from './conv'
import { groupNorm } from './group-norm'
import { linear } from './linear'
import { downMean, upNearest } from './resample'
import { residual } from './residual'

const style = { groups: () => 2, epsilon: 1e-6, rescale: false }
const x = normal(key(1), [2, 4, 4, 4])
const features = normal(key(2), [2, 5])
const shape = { inputs: 4, outputs: 6, features: 5, shortcutScale: 1 }
const cases = [
  ['at its size', undefined],
  ['halving', downMean],
  ['doubling', upNearest],
] as const

describe.each(cases)('a residual block %s', (_, resample) => {
  const block = residual('r', { ...shape, resample }, style)
  const p = Object.fromEntries(
    Object.entries(block.parameters).map(([name, { shape }], i) => [name, normal(key(10 + i), shape)]),
  )

  it('is its layers, one after the other', async () => {
    const move = resample ?? ((v: Tensor) => v)
    const first = silu(groupNorm('r.norm1', { channels: 4, groups: 2 }).apply(p, x))
    const convolved = conv('r.conv1', { inputs: 4, outputs: 6 }).apply(p, move(first))
    const shift = linear('r.time', { inputs: 5, outputs: 6 }).apply(p, features)
    const shifted = add(convolved, reshape(shift, [2, 1, 1, 6]))
    const second = silu(groupNorm('r.norm2', { channels: 6, groups: 2 }).apply(p, shifted))
    const h = conv('r.conv2', { inputs: 6, outputs: 6 }).apply(p, second)
    const short = conv('r.shortcut', { inputs: 4, outputs: 6, size: 1 }).apply(p, move(x))
    await expectNear(block.apply(p, x, features), add(short, h), 1e-4)
    const rescaled = residual('r', { ...shape, resample }, { ...style, rescale: true })
    await expectNear(rescaled.apply(p, x, features), mul(add(short, h), Math.SQRT1_2), 1e-4)
  })
})

it('passes x on where the last convolution is zero and the channels stay', async () => {
  const block = residual('r', { ...shape, outputs: 4 }, style)
  expect(Object.keys(block.parameters).some((name) => name.includes('shortcut'))).toBe(false)
  const p = Object.fromEntries(
    Object.entries(block.parameters).map(([name, { shape }], i) => [
      name,
      name.includes('conv2') ? zeros(shape) : normal(key(10 + i), shape),
    ]),
  )
  await expectNear(block.apply(p, x, features), x)
})
