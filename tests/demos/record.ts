/**
 * Runs the command in a terminal and keeps what it wrote there, for the recording on the site's page about it:
 *
 *     pnpm --filter @sgm/tests record
 *
 * The terminal is that of `script`, which Linux has.
 */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change, Recording } from '../../docs/src/terminal/recording.ts'
import { root } from '../workspace.ts'
import { Screen } from './screen.ts'

const commands = [
  'sgm train --data two-moons --steps 10000 --out moons',
  'sgm sample moons --sampler unipc --steps 20',
  'sgm log moons',
]
const columns = 76
/** Between two changes of a line that are kept, in seconds: bars move more often than anyone sees. */
const LEAST = 2
/** From the prompt to the command's start. */
const PAUSE = 1

const tsx = createRequire(import.meta.url).resolve('tsx/cli')
const folder = mkdtempSync(join(tmpdir(), 'sgm-'))
const screen = new Screen()
const changes: Change[] = []
const ends: number[] = []
let clock = 0

for (const command of commands) {
  screen.write(`$ ${command}\r\n`)
  keep(clock)
  clock += PAUSE
  await run(command)
  ends.push(clock)
  keep(clock)
}
const recording: Recording = {
  columns,
  seconds: rounded(clock),
  ends: ends.map(rounded),
  machine: { arch: process.arch, processors: availableParallelism() },
  changes: thinned(changes),
}
writeFileSync(join(root, 'docs/src/terminal/cli.json'), `${JSON.stringify(recording)}\n`)
copyFileSync(join(folder, 'moons/samples.png'), join(root, 'docs/static/img/cli-samples.png'))
rmSync(folder, { recursive: true })

/** Runs a command in the folder, and keeps what it writes and when. */
async function run(command: string): Promise<void> {
  const words = command.replace(
    /^sgm/,
    `'${process.execPath}' '${tsx}' '${join(root, 'packages/cli/src/bin.ts')}'`,
  )
  const terminal = spawn('script', ['-qefc', `stty cols ${columns} rows 40; ${words}`, '/dev/null'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [from, start] = [clock, performance.now()]
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen.write(text)
    clock = from + (performance.now() - start) / 1000
    keep(clock)
  })
  const code = await new Promise((end) => terminal.on('close', end))
  if (code !== 0) throw new Error(`record: expected ${command} to end with 0, got ${code}`)
}

function keep(seconds: number): void {
  for (const [line, text] of screen.changed()) changes.push([rounded(seconds), line, text])
}

/** To hundredths. */
function rounded(seconds: number): number {
  return Math.round(100 * seconds) / 100
}

/** Without what another change of the same line follows at once. */
function thinned(all: readonly Change[]): readonly Change[] {
  const shown = new Map<number, number>()
  return all.filter(([at, line], i) => {
    const next = all.slice(i + 1).find((one) => one[1] === line)
    if (next && at - (shown.get(line) ?? -LEAST) < LEAST) return false
    shown.set(line, at)
    return true
  })
}
