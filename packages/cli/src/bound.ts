import { likelihoodBound } from '@sgm/losses'
import { bind } from '@sgm/score'
import {
  compile,
  type Executor,
  foldIn,
  gather,
  type Key,
  type NamedTensors,
  scoped,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import type { Context } from './context'
import type { Model } from './model'

/** Noise levels that each datum is asked at, spread evenly. */
const DRAWS = 8

/** Rows of one call. */
const ROWS = 64

/** The bound of the negative log-likelihood, loaded. */
export interface LoadedBound {
  /** An unbiased estimate of the bound of −ln p of each row of x, in nats. */
  of(x: Tensor, key: Key, context: Context): Promise<readonly number[]>
  dispose(): Promise<void>
}

/**
 * The compiled bound of given weights; undefined of a process that has no noise where likelihoods begin, which has none.
 */
export function loadBound(
  { network, process }: Model,
  weights: NamedTensors,
  executor: Executor | undefined,
): LoadedBound | undefined {
  if (process.marginal(process.cutOffs.likelihood).sigma === 0) return undefined
  const loss = likelihoodBound({ process, stratified: true })
  const compiled = compile(
    (x: Tensor, draws: NamedTensors) => loss.evaluate(bind(network, weights), x, draws),
    executor && { executor },
  )
  /** Of rows from `start` on, the mean over the draws of each. */
  const some = (x: Tensor, start: number, count: number, key: Key): Promise<readonly number[]> =>
    scoped(async (own) => {
      // The draws of a row follow each other: any run of stratified times is spread evenly.
      const rows = Int32Array.from({ length: count * DRAWS }, (_, i) => start + Math.floor(i / DRAWS))
      const each = own(tidy(() => gather(x, tensor(rows, [rows.length], 'int32'))))
      const draws = own(loss.draw(key, each.shape))
      const values = Array.from(await own(await compiled(each, draws)).data())
      return Array.from({ length: count }, (_, i) => {
        const ofRow = values.slice(i * DRAWS, (i + 1) * DRAWS)
        return ofRow.reduce((a, b) => a + b, 0) / DRAWS
      })
    })
  return {
    async of(x, key, { signal }) {
      const found: number[] = []
      const most = ROWS / DRAWS
      for (let start = 0; start < x.shape[0]!; start += most) {
        signal?.throwIfAborted()
        const count = Math.min(most, x.shape[0]! - start)
        found.push(...(await some(x, start, count, foldIn(key, start))))
      }
      return found
    },
    dispose: compiled.dispose,
  }
}
