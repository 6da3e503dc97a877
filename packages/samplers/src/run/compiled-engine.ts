import type { Score } from '@sgm/score'
import { type Executor, expectedType, type Tensor } from '@sgm/tensor'
import { Lazy, sourceOf } from '@sgm/tensor/compile'
import { checked, type Engine, isPromise } from './engine'
import { wait } from './steps'

/** Computes steps as one call of the executor each, or one for each part between two readings of values. */
export function compiled(where: string, executor: Executor): Engine {
  const lazy = new Lazy(executor)
  const traced = new Map<Score, (x: Tensor, t: Tensor) => Tensor>()
  const tracedOf = (fn: Score): ((x: Tensor, t: Tensor) => Tensor) => {
    const known = traced.get(fn)
    if (known) return known
    const source = sourceOf(fn)
    const made = (x: Tensor, t: Tensor): Tensor => {
      const value = source(x, t)
      if (!isPromise(value)) return checked(value)
      value.then(undefined, () => {})
      throw expectedType(where, 'a synchronous score to compile steps with', 'one that returns a Promise')
    }
    traced.set(fn, made)
    return made
  }
  return {
    within: (part) => lazy.record(part),
    *ask(fn, x, t, shape) {
      const call = tracedOf(fn)
      const preparing = lazy.ready(call, [x, t])
      if (preparing) yield* wait(() => preparing)
      return checked(lazy.call(call, [x, t]), shape)
    },
    *finish(step) {
      const result = yield* step
      return yield* wait(() => lazy.compute(result))
    },
    dispose: () => lazy.dispose(),
  }
}
