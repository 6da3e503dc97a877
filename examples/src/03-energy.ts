/** Behaviour 3: the score of an energy f, p = exp(−f)/Z. A factor of Z is a constant in f, which the score never sees. */
import { energyScore } from '@sgm/score'
import { add, mul, square, sumRows, type Tensor, tensor, zeros } from '@sgm/tensor'
import { show } from './show'

export async function main({ logZ = 42 } = {}) {
  // #region energy
  // ‖x‖⁴/4, and the same with the logarithm of a constant added
  const energy = (x: Tensor) => mul(square(sumRows(square(x))), 0.25)
  const shifted = (x: Tensor) => add(energy(x), logZ)

  const x = tensor([[1, -2]])
  const t = zeros([1])
  const score = await energyScore(energy)(x, t).data()
  const scoreWithLogZ = await energyScore(shifted)(x, t).data()
  // #endregion
  return { score: [...score], scoreWithLogZ: [...scoreWithLogZ] }
}

await show(import.meta.url, main)
