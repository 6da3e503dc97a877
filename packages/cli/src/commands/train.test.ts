import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readNpy } from '@sgm/data'
import { expect, it } from 'vitest'
import { temporaryFolder, tiny, trainTiny } from '../testing'
import { runInfo } from './info'
import { runSample } from './sample'
import { runTrain } from './train'

const folder = await temporaryFolder()
const checkpoint = (run: string) => readFile(join(folder, run, 'checkpoint.safetensors'))
const log = async (run: string) =>
  (await readFile(join(folder, run, 'log.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: number; loss: number })

it('keeps a run that goes on to the bits of one that was not stopped', async () => {
  const whole = await trainTiny(join(folder, 'whole'))
  expect(whole).toMatchObject({ step: 6, resumedFrom: 0 })
  await trainTiny(join(folder, 'parts'), { steps: 4 })
  // The folder alone says all but how far to go.
  const rest = await runTrain({ out: join(folder, 'parts'), steps: 6, threads: 1 })
  expect(rest).toMatchObject({ step: 6, resumedFrom: 4, loss: whole.loss })
  expect(Buffer.compare(await checkpoint('parts'), await checkpoint('whole'))).toBe(0)
  const losses = (lines: Awaited<ReturnType<typeof log>>) => lines.map(({ step, loss }) => [step, loss])
  expect(losses(await log('parts'))).toEqual(losses(await log('whole')))
  expect(await runTrain({ out: join(folder, 'parts'), threads: 1 })).toEqual({
    folder: join(folder, 'parts'),
    step: 6,
    resumedFrom: 6,
  })
})

it('keeps to the bits of a run that was not stopped with dropout too, and draws without it', async () => {
  const options = { net: 'small', width: 4, dropout: 0.2 } as const
  await trainTiny(join(folder, 'dropping'), options)
  await trainTiny(join(folder, 'dropping in parts'), { ...options, steps: 4 })
  await runTrain({ out: join(folder, 'dropping in parts'), steps: 6, threads: 1 })
  expect(Buffer.compare(await checkpoint('dropping in parts'), await checkpoint('dropping'))).toBe(0)
  await trainTiny(join(folder, 'not dropping'), { ...options, dropout: 0 })
  expect(Buffer.compare(await checkpoint('not dropping'), await checkpoint('dropping'))).not.toBe(0)
  expect((await runSample({ run: join(folder, 'dropping'), n: 2, steps: 2, threads: 1 })).n).toBe(2)
})

it.each([true, false])(
  'trains on images that are altered and told so (labels: %s), and draws what is not',
  async (labels) => {
    const out = join(folder, `altered ${labels}`)
    const { step } = await trainTiny(out, { net: 'small', width: 4, augment: 0.5, labels })
    expect(step).toBe(6)
    expect((await runInfo({ run: out })).config).toMatchObject({ augment: 0.5 })
    const { n } = await runSample({ run: out, n: 2, steps: 2, threads: 1 })
    expect(n).toBe(2)
    await expect(runTrain({ out, augment: 0.2, steps: 9, threads: 1 })).rejects.toThrow(
      'sgm: expected --augment 0.5, with which',
    )
  },
)

it('stops when told to, and leaves what it has learned', async () => {
  const stop = new AbortController()
  const report = (_: string, done: number) => {
    if (done === 3) stop.abort(new Error('enough'))
  }
  const out = join(folder, 'stopped')
  await expect(runTrain({ ...tiny, out }, { signal: stop.signal, report })).rejects.toThrow('enough')
  expect((await runInfo({ run: out })).step).toBe(3)
  await runTrain({ out, threads: 1 })
  await trainTiny(join(folder, 'whole'))
  expect(Buffer.compare(await checkpoint('stopped'), await checkpoint('whole'))).toBe(0)
})

it('stopped within an evaluation, saves the step before it', async () => {
  const out = join(folder, 'evaluating')
  let calls = 0
  // The loop asks once at its start, the sampler of an evaluation at each of its own.
  const signal = {
    get aborted() {
      return calls >= 5
    },
    throwIfAborted() {
      if (++calls >= 5) throw new Error('enough')
    },
  } as unknown as AbortSignal
  await expect(runTrain({ ...tiny, out, evalEvery: 2 }, { signal })).rejects.toThrow('enough')
  expect((await runInfo({ run: out })).step).toBe(2)
})

it('refuses to go on with other choices, and names the first', async () => {
  const out = join(folder, 'begun')
  await trainTiny(out, { steps: 1 })
  await expect(runTrain({ out, rate: 0.5 })).rejects.toThrow(
    `sgm: expected --rate 0.001, with which ${out} was begun (--accept-changes goes on with another), got 0.5`,
  )
  await expect(trainTiny(out, { width: 32 })).rejects.toThrow(/--width 16/)
})

it('draws samples and finds bits/dim on its way, without changing what is learned', async () => {
  const out = join(folder, 'evaluated')
  const { evaluation, samples } = await trainTiny(out, { evalEvery: 3, evalBits: 2 })
  expect(evaluation!.bitsPerDim).toBeGreaterThan(0)
  expect(samples).toBe(join(out, 'samples/step-0000006.png'))
  expect(await readdir(join(out, 'samples'))).toEqual(['step-0000003.png', 'step-0000006.png'])
  await trainTiny(join(folder, 'whole'))
  expect(Buffer.compare(await checkpoint('evaluated'), await checkpoint('whole'))).toBe(0)
})

it('trains on points too', async () => {
  const out = join(folder, 'points')
  const run = { data: 'two-moons', net: 'mlp', width: 32, batch: 256, steps: 60, threads: 1 } as const
  const { loss, samples } = await runTrain({ ...run, out, evalEvery: 60 })
  expect(samples).toBe(join(out, 'samples/step-0000060.png'))
  // Nothing learned costs E‖z‖² = 2 at least.
  expect(loss).toBeLessThan(1.5)
  const { config, parameters } = await runInfo({ run: out })
  expect(config).toMatchObject({ shape: [2], range: null, sde: 'vp', seed: 0 })
  expect(parameters).toBe(34 * 32 + 32 + 2 * (32 * 32 + 32) + 32 * 2 + 2 + 16)
})

it.each([1, 2, 3])('trains on a table of %d columns, and judges and draws them', async (columns) => {
  const data = join(folder, `${columns}.csv`)
  const cells = (row: readonly string[]) => row.slice(0, columns).join(',')
  const rows = Array.from({ length: 20 }, (_, i) => [`${i / 10}`, `${-i}`, '0.5'])
  await writeFile(data, [['x', 'y', 'z'], ...rows].map(cells).join('\n'))
  const out = join(folder, `table of ${columns}`)
  const trained = await trainTiny(out, { data, evalEvery: 6, evalBits: 4 })
  expect((await stat(trained.samples!)).size).toBeGreaterThan(1000)
  expect(Number.isFinite(trained.evaluation!.nats)).toBe(true)
  const npy = join(folder, 'x.npy')
  await runSample({ run: out, n: 3, sampler: 'ddim', steps: 2, npy, threads: 1 })
  expect((await readNpy(await readFile(npy))).shape).toEqual([3, columns])
})

it('says on which line a table is none, and that a batch is larger than it', async () => {
  const data = join(folder, 'wrong.csv')
  await writeFile(data, 'x,y\n1,2\n3,?\n')
  await expect(trainTiny(join(folder, 'wrong'), { data })).rejects.toThrow(
    /a finite number on line 3 of .*wrong\.csv, column y/,
  )
  await writeFile(data, 'x,y\n1,2\n3,4\n')
  await expect(trainTiny(join(folder, 'wrong'), { data, batch: 3 })).rejects.toThrow(
    'sgm: expected --batch of at most 2, the number of data, got 3',
  )
})

it('says when it evaluates', async () => {
  const told: string[] = []
  const report = (_task: string, done: number, _total: number, note = ''): void =>
    void (note === 'evaluating' && told.push(`${note} ${done}`))
  const out = join(folder, 'evaluates')
  await runTrain({ ...tiny, data: 'two-moons', steps: 4, evalEvery: 2, out }, { report })
  expect(told).toEqual(['evaluating 2', 'evaluating 4'])
})
