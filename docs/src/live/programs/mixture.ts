import { energyScore, gaussianMixture } from '@sgm/score'
import {
  abs,
  add,
  exp,
  item,
  logSumExp,
  max,
  mul,
  neg,
  scoped,
  square,
  stack,
  sub,
  sum,
  sumRows,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from '@sgm/tensor'
import { contours, figure, grid, quiver } from '@sgm/viz'
import { mixture } from '../demos/mixture'
import { program } from '../program'

const shown = grid({ x: [-8, 8], size: 65 })
/** Wide enough for what of the density is not shown. */
const all = grid({ x: [-24, 24], size: 193 })
const cell = (48 / 192) ** 2

export default program(mixture, async function* ({ modes, weight, sigma, factor }, { say }) {
  const weights = [1 - weight, weight]
  const target = gaussianMixture({ weights, means: modes, covariances: [sigma ** 2, sigma ** 2] })
  /** −log of the density without its constant, times the factor. */
  const energy = (x: Tensor): Tensor => {
    const part = (mode: readonly number[], i: number) =>
      add(
        mul(sumRows(square(sub(x, tensor([...mode])))), -1 / (2 * sigma ** 2)),
        Math.log(factor * weights[i]!),
      )
    return neg(logSumExp(stack(modes.map(part), 1), 1))
  }
  yield await scoped(async (own) => {
    const { density, arrows, error, z } = own(
      tidy(() => {
        const x = tensor(shown.points, shown.shape)
        const arrows = energyScore(energy)(x, zeros([x.shape[0]!]))
        const z = mul(sum(exp(neg(energy(tensor(all.points, all.shape))))), cell)
        return { density: exp(neg(energy(x))), arrows, error: max(abs(sub(arrows, target.score(x)))), z }
      }),
    )
    return {
      picture: await figure([contours(shown, density), quiver(shown, arrows)], {
        title: say({ en: 'Density and score', ko: '밀도와 스코어' }),
      }),
      facts: [
        {
          name: 'z',
          label: { en: 'Z, the density summed over a grid', ko: 'Z, 격자에서 더한 밀도' },
          value: await item(z),
          truth: factor * 2 * Math.PI * sigma ** 2,
        },
        {
          name: 'error',
          label: { en: 'Largest error of the score without Z', ko: 'Z 없이 구한 스코어의 최대 오차' },
          value: await item(error),
          truth: 0,
          digits: 5,
        },
      ],
      progress: 1,
    }
  })
})
