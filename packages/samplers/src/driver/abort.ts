import { dispose } from '@sgm/tensor'

/**
 * Waits for a value no longer than until the signal aborts, and then throws its reason. What comes after that is freed, but for
 * what `kept` names: the arguments that the value may consist of.
 */
export async function abortable<T>(
  pending: PromiseLike<T>,
  signal: AbortSignal | undefined,
  kept: readonly unknown[] = [],
): Promise<T> {
  if (!signal) return pending
  let stop!: () => void
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([pending, aborted])
  } catch (error) {
    const late = (value: T): void => {
      if (!kept.includes(value)) dispose(value)
    }
    if (signal.aborted) pending.then(late, () => {})
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
