import { dispose, fromNowOn, tensorsIn } from '@sgm/tensor'
import { cli } from './calls/cli'
import { data } from './calls/data'
import { measures } from './calls/measures'
import { onnx } from './calls/onnx'
import { samplers } from './calls/samplers'
import { scores } from './calls/score'
import { tensor } from './calls/tensor'
import { train } from './calls/train'
import { viz } from './calls/viz'
import { type Calls, x } from './given'
import type { Callable } from './surface'

/** A call that works, where no guess does. */
const calls: Calls = {
  ...tensor,
  ...data,
  ...measures,
  ...scores,
  ...samplers,
  ...train,
  ...onnx,
  ...viz,
  ...cli,
}

/** What most functions can be called with. */
const guesses: readonly (readonly unknown[])[] = [[x], [x, x], [{}], []]

/** Arguments that a function works with: those of the table, or else the first guess that it takes. */
export async function callsOf(name: string, call: Callable): Promise<readonly unknown[]> {
  const known = Object.hasOwn(calls, name) ? calls[name] : undefined
  if (known) return known()
  for (const guess of guesses) {
    const isNew = fromNowOn()
    try {
      dispose(tensorsIn(await call(...guess)).filter(isNew))
      return guess
    } catch {
      // The next, then.
    }
  }
  return []
}
