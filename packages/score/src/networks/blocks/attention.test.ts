import { key, type NamedTensors, normal, ones, zeros } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { attention } from './attention'
import { draw } from './block'
import { groupNorm } from './group-norm'

const style = { groups: () => 1, epsilon: 1e-6, rescale: false }
const [places, channels] = [6, 4]
const x = normal(key(1), [2, 2, 3, channels])
const names = ['query', 'key', 'value', 'output']
const p: NamedTensors = {
  'a.norm.weight': ones([channels]),
  'a.norm.bias': zeros([channels]),
  ...Object.fromEntries(
    names.flatMap((name, i) => [
      [`a.${name}.weight`, normal(key(2 + i), [channels, channels])],
      [`a.${name}.bias`, normal(key(12 + i), [channels])],
    ]),
  ),
}

/** The block in float64, head by head. */
async function reference(heads: number): Promise<number[]> {
  const norm = groupNorm('a.norm', { channels, groups: 1 })
  const [normed, plain] = [await norm.apply(p, x).data(), await x.data()]
  const dense = async (name: string, rows: readonly number[][]): Promise<number[][]> => {
    const [w, b] = [await p[`a.${name}.weight`]!.data(), await p[`a.${name}.bias`]!.data()]
    return rows.map((row) =>
      Array.from(b, (bias, j) => row.reduce((s, v, i) => s + v * w[i * channels + j]!, bias)),
    )
  }
  const out: number[] = []
  for (const image of [0, 1]) {
    const h = Array.from({ length: places }, (_, i) =>
      Array.from(normed.slice((image * places + i) * channels, (image * places + i + 1) * channels)),
    )
    const [q, k, v] = [await dense('query', h), await dense('key', h), await dense('value', h)]
    const width = channels / heads
    const mixed = q.map((qi) =>
      Array.from({ length: channels }, (_, c) => {
        const head = Array.from({ length: width }, (_, d) => Math.floor(c / width) * width + d)
        const scores = k.map((kj) =>
          Math.exp(head.reduce((s, d) => s + qi[d]! * kj[d]!, 0) / Math.sqrt(width)),
        )
        const total = scores.reduce((a, b) => a + b, 0)
        return scores.reduce((s, score, j) => s + (score / total) * v[j]![c]!, 0)
      }),
    )
    const y = await dense('output', mixed)
    out.push(
      ...y.flatMap((row, i) => row.map((value, c) => value + plain[(image * places + i) * channels + c]!)),
    )
  }
  return out
}

describe('attention', () => {
  it.each([1, 2, 4])('with %s heads mixes places by softmax(q kᵀ/√d)', async (heads) => {
    await expectNear(attention('a', { channels, heads }, style).apply(p, x), await reference(heads), 2e-5)
  })

  it('divides its sum by √2 where sums are rescaled', async () => {
    const y = attention('a', { channels }, { ...style, rescale: true }).apply(p, x)
    await expectNear(
      y,
      (await reference(1)).map((v) => v / Math.SQRT2),
      2e-5,
    )
  })

  it('starts as the identity', async () => {
    const block = attention('a', { channels }, style)
    await expectNear(block.apply(draw(block.parameters, key(0)), x), x, 1e-4)
  })

  it('refuses heads that do not divide the channels', () => {
    expect(() => attention('a', { channels, heads: 3 }, style)).toThrow(
      'attention: expected heads that divide 4 channels, got 3',
    )
  })
})
