import { dps, piGdm, projection, replacement } from '@sgm/samplers'
import { bind, type Score, type ScoreFunction } from '@sgm/score'
import { compile, reshape, slice, type Tensor, tidy } from '@sgm/tensor'
import { loadScore } from '../model'
import type { OpenRun } from '../run'
import type { Drawing } from '../sampling'
import type { Task } from './tasks'

/** How samples may be conditioned on a measurement. */
export const methods = ['pigdm', 'dps', 'projection', 'replacement'] as const

/** One of {@link methods}. */
export type Method = (typeof methods)[number]

/** What draws samples of a posterior. */
export interface Conditioned {
  readonly drawing: Pick<Drawing, 'score' | 'wrap'>
  dispose(): Promise<void>
}

/** What was measured, in the range of the model. */
export interface Measured {
  readonly task: Task
  /** Standard deviation of the noise. */
  readonly noise: number
  /** `[B, ...M]`: one for each sample. */
  readonly observation: Tensor
}

/**
 * What draws samples of the posterior by a method; replacement asks a task that knows coordinates.
 *
 * @param own Keeps tensors as long as the samples are drawn.
 */
export function condition(
  { model, weights, executor }: OpenRun,
  method: Method,
  { task, noise, observation }: Measured,
  own: <T>(tree: T) => T,
): Conditioned {
  const { operator } = task
  const part = (start: number, count: number): Tensor => own(rows(observation, start, count))
  if (method === 'projection' || method === 'replacement') {
    const { score, dispose } = loadScore(model, weights, executor)
    const wrap: Drawing['wrap'] = (start, count) => {
      const seen = part(start, count)
      if (method === 'projection')
        return (sampler) => projection(sampler, { operator, noise, observation: seen })
      const known = own(task.known!(seen))
      return (sampler) => replacement(sampler, known)
    }
    return { drawing: { score: () => score, wrap }, dispose }
  }
  const { network, process } = model
  const guide = method === 'dps' ? dps : piGdm
  const posterior = (x: Tensor, t: Tensor, y: Tensor): Tensor => {
    const score: ScoreFunction = bind(network, weights)
    return guide(process, score, { operator, noise, observation: y })(x, t)
  }
  const compiled = compile(posterior, executor && { executor })
  const score = (start: number, count: number): Score => {
    const y = part(start, count)
    return (x, t) => compiled(x, t, y)
  }
  return { drawing: { score }, dispose: compiled.dispose }
}

/** Rows `start` … `start + count − 1`. */
export function rows(x: Tensor, start: number, count: number): Tensor {
  return tidy(() => {
    const flat = reshape(x, [x.shape[0]!, -1])
    return reshape(slice(flat, [start, 0], [count, -1]), [count, ...x.shape.slice(1)])
  })
}
