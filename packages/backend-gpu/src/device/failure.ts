/**
 * The error of everything that needs a device which was lost: its `name` is `GpuLostError`, its `cause` why it
 * was lost, in words. Browsers and drivers take devices away, for
 * example when a driver restarts or is updated; a new one can be opened at once.
 */
export function lostError({ reason, message }: GPUDeviceLostInfo): Error {
  const why = [reason === 'destroyed' ? 'it was closed' : 'taken away by the system', message]
    .filter(Boolean)
    .join(': ')
  const error = new Error(
    `gpu: expected a device, got one that was lost (${why}). Open a new one with openGpu and go on from the last checkpoint`,
    { cause: why },
  )
  error.name = 'GpuLostError'
  return error
}

/** What went wrong on a device: work that is queued there cannot throw by itself. */
export class Failure {
  #lost: Error | undefined
  #error: Error | undefined

  /** From here on everything fails. */
  lose(error: Error): void {
    this.#lost = error
  }

  /** Keeps the first error since the last check: others may follow from it. */
  set(error: Error): void {
    this.#error ??= error
  }

  /** @throws Error when the device was lost, or something went wrong since the last check. */
  check(): void {
    const error = this.#lost ?? this.#error
    this.#error = undefined
    if (error) throw error
  }

  /** Waits for work on the device, whose promises are rejected when it is lost. */
  async during<T>(work: Promise<T>): Promise<T> {
    const result = await work.catch((rejection: unknown) => {
      throw this.#lost ?? rejection
    })
    this.check()
    return result
  }
}
