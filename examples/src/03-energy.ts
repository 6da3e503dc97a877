/** Behaviour 3: the score of an energy f, p = exp(−f)/Z. A factor of Z is a constant in f, which the score never sees. */
import { energyScore } from '@sgm/score'
import { add, mul, square, sumRows, type Tensor, tensor, zeros } from '@sgm/tensor'
import { show } from './show'

export async function main({ logZ = 42 } = {}) {
  const energy = (x: Tensor) => mul(square(sumRows(square(x))), 0.25) // ‖x‖⁴/4
  const x = tensor([[1, -2]])
  const t = zeros([1])
  return {
    score: [...(await energyScore(energy)(x, t).data())],
    scoreWithLogZ: [...(await energyScore((y) => add(energy(y), logZ))(x, t).data())],
  }
}

await show(import.meta.url, main)
