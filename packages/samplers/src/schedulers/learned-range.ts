import { expected, slice, type Tensor, tensor, tidy } from '@sgm/tensor'

/** The variances that a model gives with its predictions: v in [−1, 1], the second half of its output. */
export interface LearnedRange {
  /** The first half of an output for x; the second is kept. */
  split(output: Tensor, x: Tensor): Promise<Tensor>
  /** v of the last output for x. @throws RangeError where there is none. */
  at(x: Tensor): Tensor
}

/** Keeps values on the host, as long as the x that they are of. */
export function learnedRange(): LearnedRange {
  const kept = new WeakMap<Tensor, ArrayLike<number>>()
  return {
    split: async (output, x) => {
      const size = x.shape.at(-1)!
      const fits = output.shape.length === x.shape.length && output.shape.at(-1) === 2 * size
      if (!fits) throw expected('fromScheduler', `a prediction and a variance, ${2 * size} in the last axis`, output.shape) // biome-ignore format: message
      const half = (index: number): Tensor =>
        tidy(() => slice(output, [...output.shape.slice(1).map(() => 0), index * size], [...x.shape]))
      const v = half(1)
      kept.set(x, await v.data())
      v.dispose()
      return half(0)
    },
    at: (x) => {
      const values = kept.get(x)
      if (!values)
        throw expected('ancestral', 'a score of the same schedule, which learns a variance', 'another')
      return tensor(Float32Array.from(values), x.shape)
    },
  }
}
