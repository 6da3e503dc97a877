import {
  add,
  dispose,
  expected,
  formatShape,
  type LongCallOptions,
  matMul,
  max,
  mul,
  reshape,
  scoped,
  slice,
  square,
  sum,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import { checkIntegers, checkLongCall, checkPositive, checkTensors, optionsOf } from '@sgm/tensor/check'
import { annealedStepSize, type LadderRatioOptions, ladderLevels, ladderRatio } from './ladder'

/** Options of {@link annealingFromData}. */
export interface AnnealingOptions extends LadderRatioOptions, LongCallOptions {
  /** Last and smallest noise level, > 0. @default 0.01 */
  readonly sigmaMin?: number
  /** Langevin steps T at each level, >= 1. @default 5 */
  readonly stepsPerLevel?: number
}

/** A ladder of noise levels and the Langevin steps on it. */
export interface AnnealingSettings {
  /** First and largest noise level: the largest distance between data. */
  readonly sigmaMax: number
  readonly sigmaMin: number
  /** Number L of levels. */
  readonly levels: number
  /** ε at the last level. */
  readonly stepSize: number
  readonly stepsPerLevel: number
}

/**
 * Chooses σ_max, the number of levels and the Langevin step for data, as NCSNv2 does.
 *
 * Reference: Song and Ermon 2020, "Improved techniques for training score-based generative models", techniques 1, 2, 4.
 *
 * @param data `[n, ...D]`, n >= 2; a few thousand rows tell as much as all.
 * @throws RangeError when data is not of that shape, spans less than sigmaMin, or an option is out of its range. The signal's
 * reason, when it ends the call.
 * @example
 * const data = twoMoons(key(0), 1000)
 * const { sigmaMin, sigmaMax, levels, stepSize, stepsPerLevel } =
 *   await annealingFromData(data)
 * const process = ve({ sigmaMin, sigmaMax })
 * const sampler = annealedLangevin({ stepSize, stepsPerLevel })
 */
export async function annealingFromData(
  data: Tensor,
  options: AnnealingOptions = {},
): Promise<AnnealingSettings> {
  const {
    sigmaMin = 0.01,
    stepsPerLevel = 5,
    signal: _,
    onProgress: __,
    ...ladder
  } = optionsOf('annealingFromData', options, {
    signal: true,
    onProgress: true,
    overlap: true,
    maximumRatio: true,
    sigmaMin: true,
    stepsPerLevel: true,
  })
  checkTensors('annealingFromData', { data })
  checkPositive('annealingFromData', { sigmaMin })
  checkIntegers('annealingFromData', { stepsPerLevel })
  const sigmaMax = await farthest('annealingFromData', data, options)
  if (!(sigmaMax > sigmaMin)) {
    throw expected('annealingFromData', `finite data farther apart than sigmaMin = ${sigmaMin}`, sigmaMax)
  }
  const fitted = ladderRatio(data.size / data.shape[0]!, ladder)
  const levels = ladderLevels({ sigmaMax, sigmaMin, ratio: fitted })
  const ratio = (sigmaMax / sigmaMin) ** (1 / (levels - 1))
  return {
    sigmaMax,
    sigmaMin,
    levels,
    stepSize: annealedStepSize({ ratio, sigmaMin, stepsPerLevel }),
    stepsPerLevel,
  }
}

/**
 * The largest Euclidean distance between two rows of `[n, ...D]`.
 *
 * @param data Rows `[n, ...D]`.
 * @throws RangeError unless n >= 2. The signal's reason, when it ends the call.
 * @example
 * await largestDistance(
 *   tensor([
 *     [0, 0],
 *     [3, 4],
 *     [1, 1],
 *   ]),
 * ) // → 5
 */
export async function largestDistance(data: Tensor, options: LongCallOptions = {}): Promise<number> {
  return farthest(
    'largestDistance',
    data,
    optionsOf('largestDistance', options, { signal: true, onProgress: true }),
  )
}

async function farthest(where: string, data: Tensor, options: LongCallOptions): Promise<number> {
  const { signal, onProgress } = options
  checkLongCall(where, options)
  checkTensors(where, { data })
  const n = data.shape[0] ?? 0
  if (n < 2) throw expected(where, 'data of shape [n >= 2, ...]', formatShape(data.shape))
  return scoped(async (own) => {
    const rows = own(reshape(data, [n, data.size / n]))
    const norms = own(sum(own(square(rows)), 1))
    let largest = 0
    const steps = Math.ceil(n / BLOCK)
    signal?.throwIfAborted()
    for (let start = 0; start < n; start += BLOCK) {
      const count = Math.min(BLOCK, n - start)
      const block = tidy(() => {
        const some = slice(rows, [start, 0], [count, rows.shape[1]!])
        const products = matMul(some, rows, { transposeB: true })
        const squared = add(add(mul(products, -2), reshape(norms, [1, n])), sum(square(some), 1, true))
        return max(squared)
      })
      const [value] = await block.data()
      dispose(block)
      largest = Math.max(largest, value!)
      onProgress?.({ index: start / BLOCK + 1, steps })
      signal?.throwIfAborted()
    }
    return Math.sqrt(largest)
  })
}

const BLOCK = 512
