import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tensorBoardLog } from './tensorboard-log'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-tensorboard-'))
})
afterEach(() => rm(folder, { recursive: true }))

/**
 * What tensorboard 2.21.0's own RecordWriter makes of the same events: `Event(wall_time=1.5, file_version='brain.Event:2')`, then
 * of step 10 `loss` 0.5 and `evaluation/nats` −3.25, then of step 300 000 `loss` 0.1 as `simple_value`s.
 */
const events = [
  '1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c',
  '3200000000000000241956ec09000000000000f83f100a2a250a0b0a046c6f7373150000003f0a160a0f6576616c756174696f6e2f6e61747315000050c07563572c',
  '1c00000000000000c8c1951d09000000000000f83f10e0a7122a0d0a0b0a046c6f737315cdcccc3d9fb70359',
]
const now = (): number => 1500
const hex = async (): Promise<string> => {
  const [file, ...others] = await readdir(folder)
  expect(others).toEqual([])
  expect(file).toContain('tfevents')
  return (await readFile(join(folder, file!))).toString('hex')
}
const lines = [
  { step: 10, loss: 0.5, note: 'no number', gradientNorm: Number.NaN, evaluation: { nats: -3.25 } },
  { step: 300_000, loss: 0.1 },
] as const

it('has the bytes that TensorBoard writes', async () => {
  const log = tensorBoardLog(folder, { now })
  for (const line of lines) await log(line)
  expect(await hex()).toBe(events.join(''))
})

it('of a resumed run drops what the killed one wrote after its checkpoint, half an event included', async () => {
  const first = tensorBoardLog(folder, { now })
  await first(lines[0])
  await first({ step: 200_000, loss: 7 })
  await first({ step: 400_000, loss: 8 })
  const [file] = await readdir(folder)
  await writeFile(join(folder, file!), 'half an event', { flag: 'a' })
  const second = tensorBoardLog(folder, { now })
  await second({ step: 200_000, loss: 7 })
  const third = tensorBoardLog(folder, { now })
  await third({ step: 11, loss: 9 })
  const fourth = tensorBoardLog(folder, { now })
  await fourth({ ...lines[0] })
  await fourth(lines[1])
  expect(await hex()).toBe(events.join(''))
})

it('refuses steps that do not rise, and names the file that it cannot write', async () => {
  const log = tensorBoardLog(join(folder, 'log'))
  await log({ step: 3 })
  await expect(log({ step: 2 })).rejects.toThrow('tensorBoardLog: expected a step above 3, got 2')
  await writeFile(join(folder, 'file'), '')
  await expect(tensorBoardLog(join(folder, 'file'))({ step: 1 })).rejects.toThrow(
    /tensorBoardLog: could not write .*file\/events.out.tfevents.0.sgm: E(EXIST|NOTDIR)/,
  )
  expect(() => tensorBoardLog('')).toThrow(TypeError)
})
