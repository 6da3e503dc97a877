import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runInfo } from './commands/info'
import { runTrain } from './commands/train'
import { temporaryFolder, tiny } from './testing'

const folder = await temporaryFolder()

/** Runs the command in a process of its own. */
function sgm(args: readonly string[], onError: (text: string, stop: () => void) => void = () => {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'bin.ts'), ...args])
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
    onError(err, () => child.kill('SIGINT'))
  })
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

it('runs as a process, with exit codes', async () => {
  const [help, wrong] = await Promise.all([sgm(['--help']), sgm(['sample', 'x', '--steps', 'many'])])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('Usage: sgm')
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err.trim()).toBe(
    "error: option '--steps <n>' argument 'many' is invalid. Expected an integer >= 1.",
  )
})

it('stopped by Ctrl-C, leaves a run that goes on to the bits of one that was not', async () => {
  const run = join(folder, 'stopped')
  const options = Object.entries({ ...tiny, steps: 1_000_000, saveEvery: 1_000_000, out: run }).flatMap(
    ([name, value]) => [`--${name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, String(value)],
  )
  let stopped = false
  const { code, err } = await sgm(['train', ...options], (text, stop) => {
    if (stopped || !text.includes('training')) return
    stopped = true
    stop()
  })
  expect(code).toBe(130)
  expect(err).toContain('sgm: stopped')
  const { step } = await runInfo({ run })
  expect(step).toBeGreaterThan(0)
  const steps = step + 3
  const resumed = await sgm(['train', '--out', run, '--steps', String(steps), '--threads', '1', '--json'])
  expect(JSON.parse(resumed.out)).toMatchObject({ step: steps, resumedFrom: step })
  const whole = join(folder, 'whole')
  await runTrain({ ...tiny, steps, out: whole })
  const [a, b] = await Promise.all([run, whole].map((at) => readFile(join(at, 'checkpoint.safetensors'))))
  expect(Buffer.compare(a!, b!)).toBe(0)
})
