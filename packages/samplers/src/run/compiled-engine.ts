import type { Score } from '@sgm/score'
import { type Executor, expectedType, type Tensor } from '@sgm/tensor'
import { Lazy, sourceOf } from '@sgm/tensor/compile'
import { checked, type Engine, isPromise } from './engine'
import { wait } from './steps'

type Traceable = (x: Tensor, t: Tensor) => Tensor

/** What is traced of each score: the same function in every run, so that an executor that keeps programs knows it again. */
const traceable = new WeakMap<Score, Traceable>()

function traceableOf(score: Score): Traceable {
  const known = traceable.get(score)
  if (known) return known
  const source = sourceOf(score)
  const made: Traceable = (x, t) => {
    const value = source(x, t)
    if (!isPromise(value)) return checked(value)
    value.then(undefined, () => {})
    throw expectedType('compile', 'a synchronous score to compile steps with', 'one that returns a Promise')
  }
  traceable.set(score, made)
  return made
}

/** Steps in a call of programs that are kept: longer ones take longer to load, which a single run does not win back. */
const TOGETHER = 8

/** Computes steps as one call of the executor each, or one for each part between two readings of values. */
export function compiled(executor: Executor): Engine {
  const lazy = new Lazy(executor)
  return {
    within: (part) => lazy.record(part),
    *ask(fn, x, t, shape) {
      const call = traceableOf(fn)
      const preparing = lazy.ready(call, [x, t])
      if (preparing) yield* wait(() => preparing)
      return checked(lazy.call(call, [x, t]), shape)
    },
    *finish(step) {
      const result = yield* step
      return yield* wait(() => lazy.compute(result))
    },
    together: lazy.keepsPrograms ? TOGETHER : 1,
    dispose: () => lazy.dispose(),
  }
}
