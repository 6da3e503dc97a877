import { key, mul, normal, sum, type Tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { draw } from './block'
import { conv, transposedConv } from './conv'

const scalar = async (x: Tensor): Promise<number> => (await x.data())[0]!

describe('conv', () => {
  it('is the sum over its window, plus the bias', async () => {
    const layer = conv('c', { inputs: 2, outputs: 3, stride: 2, padding: 'valid' })
    const p = draw(layer.parameters, key(1))
    expect(Object.keys(p)).toEqual(['c.weight', 'c.bias'])
    const x = normal(key(2), [1, 5, 5, 2])
    const [values, w, b] = [await x.data(), await p['c.weight']!.data(), await p['c.bias']!.data()]
    const wanted = Array.from({ length: 12 }, (_, n) => {
      const [i, j, o] = [Math.floor(n / 6), Math.floor(n / 3) % 2, n % 3]
      let total = b[o]!
      for (let k = 0; k < 18; k++) {
        const [di, dj, c] = [Math.floor(k / 6), Math.floor(k / 2) % 3, k % 2]
        total += values[((2 * i + di) * 5 + 2 * j + dj) * 2 + c]! * w[k * 3 + o]!
      }
      return total
    })
    await expectNear(layer.apply(p, x), wanted)
    await expectNear(
      layer.convolve(p, x),
      wanted.map((v, n) => v - b[n % 3]!),
    )
  })

  it('without a bias has none', () => {
    expect(Object.keys(conv('c', { inputs: 1, outputs: 1, bias: false }).parameters)).toEqual(['c.weight'])
  })
})

describe('transposedConv', () => {
  it('is the adjoint of the convolution by the same filter', async () => {
    const layer = transposedConv('c', { inputs: 3, outputs: 2, stride: 2, to: 6, bias: false })
    const p = draw(layer.parameters, key(3))
    const forward = conv('c', { inputs: 2, outputs: 3, stride: 2, padding: 'valid', bias: false })
    const [x, y] = [normal(key(4), [2, 6, 6, 2]), normal(key(5), [2, 2, 2, 3])]
    const [one, other] = [mul(forward.apply(p, x), y), mul(x, layer.apply(p, y))]
    expect(Math.abs((await scalar(sum(one))) - (await scalar(sum(other))))).toBeLessThan(1e-4)
  })
})
