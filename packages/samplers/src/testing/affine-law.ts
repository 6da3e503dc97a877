import { foldIn, key, normal, scoped, type Tensor } from '@sgm/tensor'
import { Matrix, solve } from 'ml-matrix'
import type { Problem, Sampler } from '../types'

/** A normal law in one dimension. */
export interface Law {
  readonly mean: number
  readonly variance: number
}

/**
 * The law at the end of a run over Gaussian data, with nothing estimated: there x is affine in its start and
 * in each step's noise, whose coefficients are solved for from rows of known noise. Float32 arithmetic adds
 * some 1e-5.
 */
export function affineLaw<State>(
  problem: Problem,
  sampler: Sampler<State>,
  times: readonly number[],
  start: Law,
): Promise<Law> {
  return scoped(async (own) => {
    const rows = 3 * times.length
    let x: Tensor = own(normal(key(1), [rows, 1]))
    const columns = [new Float32Array(rows).fill(1), await x.data()]
    let state = sampler.init(problem, x)
    for (let index = 0; index < times.length - 1; index++) {
      const stepKey = foldIn(key(2), index)
      const [t, s] = [times[index]!, times[index + 1]!]
      const next = own(await sampler.step(problem, { x, t, s, key: stepKey, normal, state, index, times }))
      columns.push(await own(normal(stepKey, [rows, 1])).data())
      ;({ x, state } = next)
    }
    const design = new Matrix(columns.map((column) => Array.from(column))).transpose()
    const end = Matrix.columnVector(Array.from(await x.data()))
    const [offset, slope, ...noises] = solve(design, end).to1DArray() as [number, number, ...number[]]
    const spread = noises.reduce((sum, c) => sum + c ** 2, 0)
    return { mean: slope * start.mean + offset, variance: slope ** 2 * start.variance + spread }
  })
}
