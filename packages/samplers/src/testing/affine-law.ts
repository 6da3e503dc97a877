import { type Key, key, normal, scoped } from '@sgm/tensor'
import { Matrix, solve } from 'ml-matrix'
import { sample } from '../run'
import type { Problem, Sampler } from '../types'

/** A normal law in one dimension. */
export interface Law {
  readonly mean: number
  readonly variance: number
}

/**
 * The law at the end of a run over Gaussian data, with nothing estimated: there x is affine in its start and
 * in each draw, whose coefficients are solved for from rows of known noise. Float32 arithmetic adds
 * some 1e-5.
 */
export function affineLaw(
  problem: Problem,
  sampler: Sampler,
  times: readonly number[],
  start: Law,
): Promise<Law> {
  return scoped(async (own) => {
    const shape = [3 * times.length, 1]
    const drawn: Key[] = []
    const x = own(normal(key(1), shape))
    const end = own(
      await sample(problem, sampler, {
        key: key(2),
        x,
        times,
        denoise: 'none',
        normal: (source) => {
          drawn.push(source)
          return normal(source, shape)
        },
      }),
    )
    const columns = [new Float32Array(shape[0]!).fill(1), await x.data()]
    for (const source of drawn) columns.push(await own(normal(source, shape)).data())
    const design = new Matrix(columns.map((column) => Array.from(column))).transpose()
    const values = Matrix.columnVector(Array.from(await end.data()))
    const [offset, slope, ...noises] = solve(design, values).to1DArray() as [number, number, ...number[]]
    const spread = noises.reduce((sum, c) => sum + c ** 2, 0)
    return { mean: slope * start.mean + offset, variance: slope ** 2 * start.variance + spread }
  })
}
