import { add, key, mul, normal, type Tensor, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { expect, it } from 'vitest'
import { draw } from './block'
import { instanceNormPlus } from './instance-norm-plus'

it('instanceNormPlus is its formula in float64', async () => {
  const norm = instanceNormPlus('n', 3)
  const p = draw(norm.parameters, key(1))
  expect(Object.keys(p)).toEqual(['n.alpha', 'n.gamma', 'n.beta'])
  const q: Record<string, Tensor> = { ...p, 'n.alpha': normal(key(4), [3]), 'n.beta': normal(key(2), [3]) }
  const x = add(mul(normal(key(3), [2, 4, 5, 3]), 2), tensor([30, -1, 4]))
  const [values, alpha, gamma, beta] = await Promise.all(
    [x, q['n.alpha']!, q['n.gamma']!, q['n.beta']!].map((v) => v.data()),
  )
  const wanted = [0, 1].flatMap((b) => {
    const channel = (c: number) => Array.from({ length: 20 }, (_, i) => values![(b * 20 + i) * 3 + c]!)
    const mean = (list: readonly number[]) => list.reduce((s, v) => s + v, 0) / list.length
    const means = [0, 1, 2].map((c) => mean(channel(c)))
    const deviation = Math.sqrt(means.reduce((s, v) => s + (v - mean(means)) ** 2, 0) / 2 + 1e-5)
    return Array.from({ length: 60 }, (_, i) => {
      const c = i % 3
      const spread = Math.sqrt(mean(channel(c).map((v) => (v - means[c]!) ** 2)) + 1e-5)
      const relative = (means[c]! - mean(means)) / deviation
      return gamma![c]! * ((values![b * 60 + i]! - means[c]!) / spread + alpha![c]! * relative) + beta![c]!
    })
  })
  await expectNear(norm.apply(q, x), wanted)
})
