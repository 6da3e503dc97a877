import { dataPrediction, type Score, type ScoreFunction } from '@sgm/score'
import { posteriorMean } from '@sgm/sde'
import { collect, dispose, type Tensor, tidy } from '@sgm/tensor'
import { checkFloats, checkFunctions, checkShape, checkTensors } from '@sgm/tensor/check'
import type { Family } from './family'
import type { LearnedRange } from './learned-range'
import type { Limit } from './limit'

const WHERE = 'fromScheduler'

/** What is done to a model's output on the way to the score. */
export interface Handling {
  readonly limit: Limit | undefined
  /** Takes the second half of the output, where a variance is learned. */
  readonly learned: LearnedRange | undefined
}

/** Makes scores of models, synchronous where the model and the limit are. */
export function scoreOf(family: Family, { limit, learned }: Handling) {
  const { process, prediction, timestep, input } = family
  function score(model: ScoreFunction): ScoreFunction
  function score(model: Score): Score
  function score(model: Score): Score {
    checkFunctions(WHERE, { model })
    return (x, t) => {
      checkFloats(WHERE, { x })
      checkTensors(WHERE, { t })
      if (t.size !== 1) checkShape(WHERE, 't', t.shape, x.shape.slice(0, 1))
      const { result, made } = collect(() => model(input?.(x, t) ?? x, timestep(t)))
      const used = new Set<Tensor>(made)
      const own = (value: Tensor): Tensor => {
        checkTensors(WHERE, { 'what the model gives': value })
        if (value !== x && value !== t) used.add(value)
        return value
      }
      const free = (): void => dispose([...used])
      return orElse(free, () => {
        const raw = after(result, (output) =>
          after(learned ? learned.split(own(output), x) : own(output), (predicted) =>
            prediction.toScore(() => own(predicted), process)(x, t),
          ),
        )
        const limited = limit
          ? after(raw, (unlimited) =>
              after(limit(own(tidy(() => posteriorMean(process, x, t, own(unlimited))))), (data) =>
                dataPrediction.toScore(() => own(data), process)(x, t),
              ),
            )
          : raw
        return after(limited, (value) => {
          used.delete(value)
          free()
          return value
        })
      })
    }
  }
  return score
}

/** What follows a value, now or when it comes. */
function after<T>(value: Tensor | Promise<Tensor>, next: (value: Tensor) => T | Promise<T>): T | Promise<T> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** What a computation gives; where it fails, now or later, `free` comes before its error. */
function orElse<T>(free: () => void, compute: () => T | Promise<T>): T | Promise<T> {
  const failed = (error: unknown): never => {
    free()
    throw error
  }
  try {
    const value = compute()
    return isPromise(value) ? value.catch(failed) : value
  } catch (error) {
    return failed(error)
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined | null)?.then === 'function'
}
