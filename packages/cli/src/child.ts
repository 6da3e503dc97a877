import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { bundled } from './bundle'
import { tiny } from './testing'

/** The command in a process of its own, for tests. */
export interface Child {
  readonly process: ChildProcess
  /** The text of standard error so far. */
  said(): string
  /** Waits until standard error holds a text. */
  until(text: string): Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
}

/** The command line of the command. */
export const commandLine: readonly string[] = [process.execPath, await bundled()]

/** Starts `sgm`, or another command line that runs it, for the length of a test. */
export function start(
  args: readonly string[],
  { through = [], ...options }: SpawnOptions & { readonly through?: readonly string[] } = {},
): Child {
  const [file, ...rest] = [...through, ...commandLine, ...args]
  const child = spawn(file!, rest, options)
  onTestFinished(() => void child.kill('SIGKILL'))
  const text = { out: '', err: '' }
  const waiting: (() => void)[] = []
  child.stdout?.on('data', (chunk) => {
    text.out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    text.err += chunk
    for (const wake of waiting) wake()
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => {
      for (const wake of waiting) wake()
      resolve({ code, ...text })
    })
  })
  return {
    process: child,
    said: () => text.err,
    async until(wanted) {
      while (!text.err.includes(wanted)) {
        if (child.exitCode !== null) throw new Error(`it ended before it said ${wanted}: ${text.err}`)
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    ended,
  }
}

/** Arguments that train a tiny run for as long as it is let. */
export function training(out: string, more: Readonly<Record<string, unknown>> = {}): string[] {
  const options = { ...tiny, steps: 1_000_000, saveEvery: 1_000_000, logEvery: 1000, out, ...more }
  return [
    'train',
    ...Object.entries(options).flatMap(([name, value]) => [
      `--${name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      String(value),
    ]),
  ]
}
