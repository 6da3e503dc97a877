import { add, choice, gather, key, normal, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { modeWeights } from './mode-weights'

describe('modeWeights', () => {
  it('are the weights of a mixture whose modes are far apart', async () => {
    const n = 4000
    const modes = tensor([
      [-5, -5],
      [5, 5],
    ])
    const x = add(gather(modes, choice(key(1), [0.2, 0.8], [n])), normal(key(2), [n, 2]))
    const weights = await modeWeights(x, modes)
    expect(weights[0]! + weights[1]!).toBeCloseTo(1, 12)
    expect(Math.abs(weights[0]! - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / n))
  })

  it('leave out what is far from every mode', async () => {
    const x = tensor([[0], [1], [2.4], [9], [100]])
    expect(await modeWeights(x, tensor([[0], [3], [10]]))).toEqual([0.4, 0.2, 0.4])
    expect(await modeWeights(x, tensor([[0], [3], [10]]), { within: 1.5 })).toEqual([0.4, 0.2, 0.2])
  })

  it('checks what it gets', async () => {
    const x = tensor([[0, 1]])
    await expect(modeWeights(x, tensor([[0]]))).rejects.toThrow(
      'modeWeights: expected modes of shape [2], got [1]',
    )
    await expect(modeWeights(x, x, { within: 0 })).rejects.toThrow('modeWeights: expected within > 0, got 0')
  })
})
