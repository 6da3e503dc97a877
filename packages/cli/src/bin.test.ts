import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpointWeights } from '@sgm/train'
import { describe, expect, it, onTestFinished } from 'vitest'
import { start, training } from './child'
import { runInfo } from './commands/info'
import { runTrain } from './commands/train'
import { temporaryFolder, tiny } from './testing'

const folder = await temporaryFolder()
const checkpoint = (run: string) => join(run, 'checkpoint.safetensors')
const stepOf = async (run: string) => (await runInfo({ run })).step

it('runs as a process, with exit codes', async () => {
  const [help, wrong] = await Promise.all([
    start(['--help']).ended,
    start(['sample', 'x', '--steps', 'many']).ended,
  ])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('Usage: sgm')
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err.trim()).toBe(
    "sgm: option '--steps <n>' argument 'many' is invalid. Expected an integer >= 1.",
  )
})

describe('told to end', () => {
  it.each([
    ['SIGINT', 130, 'Ctrl-C'],
    ['SIGTERM', 143, 'SIGTERM'],
    ['SIGHUP', 129, 'the end of its terminal'],
  ] as const)('by %s saves, ends with %d and says how to go on', async (signal, code, why) => {
    const run = join(folder, `ends by ${signal}`)
    const child = start(training(run))
    await child.until('training')
    child.process.kill(signal)
    const { code: got, err } = await child.ended
    expect(got).toBe(code)
    expect(err.trimEnd().split('\n').at(-1)).toBe(
      `sgm: stopped by ${why}; to go on: sgm train --out '${run}'`,
    )
    expect(await stepOf(run)).toBeGreaterThan(0)
    expect(await readdir(run)).toEqual(['checkpoint.safetensors', 'config.json'])
  })

  it('goes on to the bits of a run that was not stopped', async () => {
    const run = join(folder, 'ends by SIGINT')
    const step = await stepOf(run)
    const steps = step + 3
    const resumed = await start(['train', '--out', run, '--steps', `${steps}`, '--threads', '1', '--json'])
      .ended
    expect(JSON.parse(resumed.out)).toMatchObject({ step: steps, resumedFrom: step })
    const whole = join(folder, 'whole')
    await runTrain({ ...tiny, steps, out: whole })
    const [a, b] = await Promise.all([run, whole].map((at) => readFile(checkpoint(at))))
    expect(Buffer.compare(a!, b!)).toBe(0)
  })

  it('by a closed stderr saves and ends quietly', async () => {
    const run = join(folder, 'closed stderr')
    const child = start(training(run))
    child.process.stderr!.destroy()
    expect(await child.ended).toMatchObject({ code: 141, out: '' })
    expect(await stepOf(run)).toBeGreaterThan(0)
  })

  it('by a closed stdout ends quietly, what it did kept', async () => {
    const run = join(folder, 'closed stdout')
    const child = start(training(run, { steps: 3 }))
    child.process.stdout!.destroy()
    const { code, err } = await child.ended
    expect(code).toBe(141)
    expect(err).not.toMatch(/error|EPIPE|sgm:/i)
    expect(await stepOf(run)).toBe(3)
  })

  it('says what it could not print', async () => {
    const full = start(['samplers'], { through: ['sh', '-c', 'exec "$0" "$@" >/dev/full'] })
    expect(await full.ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^sgm: could not write the output: .*ENOSPC/),
    })
  })
})

describe('what cannot be written', () => {
  it('of a log is named, and the run is saved before', async () => {
    const run = join(folder, 'no log')
    await mkdir(run)
    await symlink('/dev/full', join(run, 'log.jsonl'))
    const { code, err } = await start(training(run, { logEvery: 7 })).ended
    expect(code).toBe(1)
    expect(err).toContain(`sgm: could not write ${run}/log.jsonl: ENOSPC`)
    expect(await stepOf(run)).toBe(7)
  })

  it('of a checkpoint, where the disk is full, is told: at Ctrl-C too, with the last good one kept', async () => {
    const disk = await fullDisk()
    const run = join(disk.path, 'run')
    await runTrain({ ...tiny, steps: 2, out: run })
    const good = await readFile(checkpoint(run))
    const child = start(training(run), { through: disk.through })
    await child.until('training')
    await disk.fill()
    child.process.kill('SIGINT')
    const { code, err } = await child.ended
    expect(code).toBe(1)
    expect(err).toMatch(
      /sgm: step \d+ could not be saved \(.*checkpoint\.safetensors: (ENOSPC|EFBIG).*\); the checkpoint of step 2 is intact\. It was to end because of: stopped by Ctrl-C/,
    )
    expect(await readFile(checkpoint(run))).toEqual(good)
    expect((await readdir(run)).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('of a run whose folder was deleted is an error, and the folder stays deleted', async () => {
    const run = join(folder, 'deleted')
    const child = start(training(run, { logEvery: 50 }))
    await child.until('training')
    await rm(run, { recursive: true })
    const { code, err } = await child.ended
    expect(code).toBe(1)
    expect(err).toContain(`sgm: expected ${run}/lock to stay, got none: was the folder deleted?`)
    expect(existsSync(run)).toBe(false)
  })
})

it('lets one process train in a folder; another takes over when it was killed', async () => {
  const run = join(folder, 'locked')
  const first = start(training(run))
  await first.until('training')
  const { pid } = first.process
  const second = await start(training(run)).ended
  expect(second).toMatchObject({ code: 1, out: '' })
  expect(second.err.trim()).toBe(
    `sgm: expected a run that no one trains, got ${run}, which process ${pid} on this host trains. ` +
      `If it does no more, delete ${run}/lock`,
  )
  first.process.kill('SIGKILL')
  await first.ended
  const third = await start(training(run, { steps: 3 })).ended
  expect(third.code).toBe(0)
  expect((await readdir(run)).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'log.jsonl'])
  await writeFile(join(run, 'lock'), '{"host":"elsewhere","pid":1}')
  expect((await start(['train', '--out', run]).ended).err).toContain('process 1 on the host elsewhere trains')
})

/**
 * A place for files that can be filled: a small file system of its own where the system lets the test make one, else a
 * limit on the size of files for the process.
 */
async function fullDisk(): Promise<{
  readonly path: string
  readonly through: readonly string[]
  fill(): Promise<void>
}> {
  const path = join(folder, 'disk')
  await mkdir(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    const through = ['sh', '-c', 'ulimit -f 2; exec "$0" "$@"']
    return { path, through, fill: async () => {} }
  }
  onTestFinished(() => void execFileSync('umount', [path]))
  const fill = async () => {
    for (let size = 1 << 20; size >= 1; size >>= 1) {
      const file = join(path, `filler ${size}`)
      await writeFile(file, Buffer.alloc(size)).catch(() => rm(file, { force: true }))
    }
  }
  return { path, through: [], fill }
}

it('reads checkpoints of a run that trains, whole', async () => {
  const run = join(folder, 'watched')
  const child = start(training(run, { saveEvery: 1 }))
  await child.until('training')
  const steps = new Set<number>()
  while (steps.size < 20) {
    const bytes = await readFile(checkpoint(run)).catch(() => undefined)
    if (!bytes) continue
    const { step, parameters, ema } = checkpointWeights(bytes)
    for (const x of [...Object.values(parameters), ...Object.values(ema)]) x.dispose()
    steps.add(step)
  }
  child.process.kill('SIGTERM')
  expect((await child.ended).code).toBe(143)
})
