import { collect, dispose, fromNowOn, settle, type Tensor, type TypedArray, tensorsIn } from '@sgm/tensor'
import { checkMethods } from '@sgm/tensor/check'

/** Something to wait for: a function whose result, or what it resolves to, is the answer. */
export type Task = () => unknown

/**
 * A computation that stops for an answer wherever it says `yield*`, so that one and the same is driven with an
 * asynchronous score and with a synchronous one.
 */
export type Steps<T> = Generator<Task | Steps<unknown>, T, unknown>

/** Runs a synchronous part of steps. */
export type Within = <T>(part: () => T) => T

/**
 * Waits for a task.
 *
 * @param task What is waited for; may be async.
 * @example
 * const largest = function* (x: Tensor): Steps<number> {
 *   const values = yield* wait(() => x.data())
 *   return Math.max(...values)
 * }
 */
export function* wait<T>(task: () => T | PromiseLike<T>): Steps<T> {
  return (yield task) as T
}

/** The values of a tensor, for decisions of the host. */
export const read = (x: Tensor): Steps<TypedArray> => wait(() => x.data())

/**
 * Runs a part of a step and keeps of its tensors those of its result alone.
 *
 * @param part Makes tensors on the way to its result.
 * @example
 * const norms = function* (x: Tensor): Steps<Tensor> {
 *   return yield* scope(function* () {
 *     return sqrt(sumRows(square(x)))
 *   })
 * }
 */
export function* scope<T>(part: () => Steps<T>): Steps<T> {
  return (yield part()) as T
}

/**
 * Repeats a part of a step, each time in a {@link scope}, from a state to the next while `more` says so: of the states
 * on the way nothing is kept.
 *
 * @param start The first state.
 * @param more Whether to go on from a state.
 * @param part Makes the next state of one.
 * @example
 * const twice = function* (x: Tensor): Steps<Tensor> {
 *   return yield* repeat(
 *     x,
 *     (_, i) => i < 2,
 *     function* (state) {
 *       return add(state, 1)
 *     },
 *   )
 * }
 */
export function* repeat<T>(
  start: T,
  more: (state: T, index: number) => boolean,
  part: (state: T, index: number) => Steps<T>,
): Steps<T> {
  const given = new Set(tensorsIn(start))
  let state = start
  for (let index = 0; more(state, index); index++) {
    const last = state
    state = yield* scope(() => part(last, index))
    const kept = new Set(tensorsIn(state))
    dispose(tensorsIn(last).filter((x) => !kept.has(x) && !given.has(x)))
  }
  return state
}

/**
 * Drives steps to their end. What they and their tasks make is freed, at an error too, but for the tensors of the result.
 *
 * @param perform Does a task. @default {@link settle}
 * @param within Runs the part between two tasks. @default as it is
 */
export async function drive<T>(
  steps: Steps<T>,
  perform: typeof settle = settle,
  within: Within = (part) => part(),
): Promise<T> {
  const frame = scoped(steps, () => {}, within)
  let turn = frame.next()
  while (!turn.done) {
    let resume: () => typeof turn
    try {
      const answer = await perform(turn.value)
      resume = () => frame.next(answer)
    } catch (error) {
      resume = () => frame.throw(error)
    }
    turn = resume()
  }
  return turn.value
}

/** Runs steps up to their result, whose tensors it hands on, and frees all others. */
function* scoped<T>(
  steps: Steps<T>,
  handOn: (made: Tensor) => void,
  within: Within,
): Generator<Task, T, unknown> {
  const owned = new Set<Tensor>()
  const own = (x: Tensor): unknown => owned.add(x)
  let resume = (): IteratorResult<Task | Steps<unknown>, T> => steps.next()
  try {
    for (;;) {
      const { result, made } = collect(() => within(resume))
      made.forEach(own)
      if (result.done) {
        for (const x of tensorsIn(result.value)) if (owned.delete(x)) handOn(x)
        return result.value
      }
      try {
        const answer = yield* answerOf(result.value, own, within)
        resume = () => steps.next(answer)
      } catch (error) {
        resume = () => steps.throw(error)
      }
    }
  } finally {
    dispose([...owned])
  }
}

function* answerOf(
  asked: Task | Steps<unknown>,
  own: (made: Tensor) => void,
  within: Within,
): Generator<Task, unknown, unknown> {
  if (typeof asked !== 'function') {
    checkMethods('step', { 'what is yielded': asked }, 'next', 'throw')
    return yield* scoped(asked, own, within)
  }
  const isNew = fromNowOn()
  const answer = yield asked
  tensorsIn(answer).filter(isNew).forEach(own)
  return answer
}
