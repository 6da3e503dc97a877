import { constants } from 'node:os'

/** Why a command was told to end, and the exit code that says so. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  constructor(
    message: string,
    readonly exitCode: number,
    /** Whether no one reads what the command would say. */
    readonly quiet = false,
  ) {
    super(message)
  }
}

const names = { SIGINT: 'Ctrl-C', SIGTERM: 'SIGTERM', SIGHUP: 'the end of its terminal' } as const

/** What a shell makes of a process that ends by a signal. */
const exitCode = (signal: NodeJS.Signals): number => 128 + constants.signals[signal]

/**
 * Ends commands when the process is told to end, by a signal or because no one reads its output any more, so that training
 * saves first. Ctrl-C again ends the process at once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const end = (reason: Stopped): void => {
    if (!stop.signal.aborted) stop.abort(reason)
  }
  for (const signal of Object.keys(names) as (keyof typeof names)[]) {
    process.on(signal, () => {
      if (signal === 'SIGINT' && stop.signal.aborted) process.exit(exitCode(signal))
      if (signal === 'SIGINT') process.stderr.write('\nsgm: stopping; Ctrl-C again stops at once\n')
      end(new Stopped(`stopped by ${names[signal]}`, exitCode(signal)))
    })
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      const closed = code === 'EPIPE' || code === 'EIO'
      // Progress that cannot be shown is no reason to give up a run; results are.
      if (!closed && stream === process.stderr) return
      const reason = closed
        ? new Stopped('no one reads the output', exitCode('SIGPIPE'), true)
        : new Stopped(`could not write the output: ${message}`, 1)
      end(reason)
      process.exitCode = reason.exitCode
      if (!closed) process.stderr.write(`sgm: ${reason.message}\n`)
    })
  }
  return stop.signal
}
