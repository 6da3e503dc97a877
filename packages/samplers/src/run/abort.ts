import { dispose } from '@sgm/tensor'

/** Waits for a value no longer than until the signal aborts, and then throws its reason. What comes after that is freed. */
export async function abortable<T>(pending: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return pending
  let stop!: () => void
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([pending, aborted])
  } catch (error) {
    if (signal.aborted) pending.then(dispose, () => {})
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
