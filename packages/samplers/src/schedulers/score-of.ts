import { dataPrediction, type Score, type ScoreFunction } from '@sgm/score'
import { posteriorMean } from '@sgm/sde'
import { collect, dispose, type Tensor, tidy } from '@sgm/tensor'
import { checkFunctions, isTensor } from '@sgm/tensor/check'
import type { Family } from './family'
import type { LearnedRange } from './learned-range'
import type { Limit } from './limit'

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
    checkFunctions('fromScheduler', { model })
    return (x, t) => {
      const { result, made } = collect(() => model(input?.(x, t) ?? x, timestep(t)))
      const used = new Set<Tensor>(made)
      const own = (value: Tensor): Tensor => {
        if (value !== x && value !== t) used.add(value)
        return value
      }
      const raw = after(result, (output) =>
        after(learned ? learned.split(own(output), x) : own(output), (predicted) =>
          prediction.toScore(() => own(predicted), process)(x, t),
        ),
      )
      const limited = limit
        ? after(raw, (free) =>
            after(limit(own(tidy(() => posteriorMean(process, x, t, own(free))))), (data) =>
              dataPrediction.toScore(() => own(data), process)(x, t),
            ),
          )
        : raw
      return after(limited, (value) => {
        used.delete(value)
        dispose([...used])
        return value
      })
    }
  }
  return score
}

/** What follows a value, now or when it comes. */
function after<T>(value: Tensor | Promise<Tensor>, next: (value: Tensor) => T | Promise<T>): T | Promise<T> {
  return isTensor(value) ? next(value) : value.then(next)
}
