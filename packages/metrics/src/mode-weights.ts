import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, checkShape, checkTensors, expected, optionsOf } from '@sgm/tensor/check'
import { rowsOf, squaredDistance } from './rows'

/** Options of {@link modeWeights}. */
export interface ModeWeightsOptions extends LongCallOptions {
  /** Largest distance from a mode, > 0, at which a row still counts for it. @default Infinity */
  readonly within?: number
}

/**
 * The share of a sample that lies nearest to each mode, in the order of the modes. The shares add to 1, but for the rows
 * farther than `within` from every mode.
 *
 * @param x `[n, ...D]`
 * @param modes `[K, ...D]`
 * @throws RangeError when the shapes do not fit, a value is not finite, or `within` is not > 0. The signal's reason, when it ends the call.
 * @example
 * const samples = tensor([
 *   [-5, -5],
 *   [5, 5],
 *   [5, 4],
 *   [4, 5],
 * ])
 * await modeWeights(
 *   samples,
 *   tensor([
 *     [-5, -5],
 *     [5, 5],
 *   ]),
 * ) // → [0.25, 0.75]
 */
export async function modeWeights(
  x: Tensor,
  modes: Tensor,
  options: ModeWeightsOptions = {},
): Promise<number[]> {
  const { within = Number.POSITIVE_INFINITY } = optionsOf('modeWeights', options, {
    signal: true,
    onProgress: true,
    within: true,
  })
  checkLongCall('modeWeights', options)
  checkTensors('modeWeights', { x, modes })
  if (!(typeof within === 'number' && within > 0)) throw expected('modeWeights', 'within > 0', within)
  checkShape('modeWeights', 'modes', modes.shape.slice(1), x.shape.slice(1))
  const [rows, centres] = [
    await rowsOf('modeWeights', 'x', x, 1),
    await rowsOf('modeWeights', 'modes', modes, 1),
  ]
  const counts = new Array<number>(centres.n).fill(0)
  await paced(rows.n, options).each(rows.n, (i) => {
    let [nearest, least] = [-1, within ** 2]
    for (let k = 0; k < centres.n; k++) {
      const distance = squaredDistance(rows, i, centres, k)
      if (distance < least) [nearest, least] = [k, distance]
    }
    if (nearest >= 0) counts[nearest]!++
  })
  return counts.map((count) => count / rows.n)
}
