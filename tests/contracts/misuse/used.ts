import { sample } from '@sgm/samplers'
import { dispose, fromNowOn, tensorsIn } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import { figure, type Mark, type Picture } from '@sgm/viz'
import { driven, exact } from './given'

/**
 * Puts a result to use, since that is when options are: takes the first step of a run, drives a sampler, lays a mark or a
 * picture out; and frees what it holds.
 */
export async function used(result: unknown): Promise<void> {
  const isNew = fromNowOn()
  try {
    if (isEndless(result)) {
      const steps = result[Symbol.asyncIterator]()
      dispose(tensorsIn((await steps.next()).value).filter(isNew))
      await steps.return?.()
    }
    if (has(result, 'step') && has(result, 'order')) dispose(await sample(exact, result as never, driven))
    if (isMark(result)) (await figure([result])).layout()
    if (isPicture(result)) result.layout()
  } finally {
    await closed(result)
  }
}

/** Frees what a result holds beside the tensors in it. */
export async function closed(result: unknown): Promise<void> {
  if (isTensor(result)) return
  const { dispose: free } = (result ?? {}) as { readonly dispose?: unknown }
  if (typeof free === 'function') await free.call(result)
}

const isMark = (value: unknown): value is Mark => has(value, 'draw') && has(value, 'x')
const isPicture = (value: unknown): value is Picture => has(value, 'layout')

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value
}

function isEndless(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator] === 'function'
}
