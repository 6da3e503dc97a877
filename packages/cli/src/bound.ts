import { likelihoodBound } from '@sgm/losses'
import { bind } from '@sgm/score'
import {
  compile,
  dispose,
  type Executor,
  foldIn,
  gather,
  type Key,
  type NamedTensors,
  scoped,
  slice,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import type { Context } from './context'
import type { Model } from './model'

/** Noise levels that each datum is asked at, spread evenly. */
const DRAWS = 16

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
  /** The bound of one row, the mean over its draws. */
  const some = (x: Tensor, key: Key): Promise<readonly number[]> =>
    scoped(async (own) => {
      const [count, ...shape] = x.shape as [number, ...number[]]
      // The draws of a row follow each other: any run of stratified times is spread evenly.
      const each = Int32Array.from({ length: count * DRAWS }, (_, i) => Math.floor(i / DRAWS))
      const rows = own(tidy(() => gather(x, tensor(each, [each.length], 'int32'))))
      const draws = own(loss.draw(key, [count * DRAWS, ...shape]))
      const values = await own(await compiled(rows, draws)).data()
      return Array.from({ length: count }, (_, i) => {
        const own = Array.from(values.slice(i * DRAWS, (i + 1) * DRAWS))
        return own.reduce((a, b) => a + b, 0) / DRAWS
      })
    })
  return {
    async of(x, key, { signal }) {
      const found: number[] = []
      const step = ROWS / DRAWS
      for (let start = 0; start < x.shape[0]!; start += step) {
        signal?.throwIfAborted()
        const size = Math.min(step, x.shape[0]! - start)
        const part = tidy(() => slice(x, [start], [size]))
        try {
          found.push(...(await some(part, foldIn(key, start))))
        } finally {
          dispose(part)
        }
      }
      return found
    },
    dispose: compiled.dispose,
  }
}
