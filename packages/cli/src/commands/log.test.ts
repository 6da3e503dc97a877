import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { main } from '../main'
import { runFiles } from '../run-folder'
import { temporaryFolder, trainTiny } from '../testing'
import { runInfo } from './info'
import { runLog } from './log'

const folder = await temporaryFolder()

it('keeps the logs that are asked for, also when the run goes on', async () => {
  const run = join(folder, 'logs')
  await trainTiny(run, { data: 'two-moons', log: 'csv,tensorboard', steps: 3 })
  await trainTiny(run, { data: 'two-moons', steps: 5 })
  const [head, ...lines] = (await readFile(runFiles(run).csv, 'utf8')).trimEnd().split('\n')
  expect(head).toBe('step,loss,emaLoss,gradientNorm,rate,stepsPerSecond')
  expect(lines.map((line) => line.split(',')[0])).toEqual(['1', '2', '3', '4', '5'])
  expect(await readdir(runFiles(run).tensorBoard)).toEqual(['events.out.tfevents.0.sgm'])
  await expect(trainTiny(run, { log: 'csv,excel' })).rejects.toThrow(
    'sgm: expected --log to be csv, tensorboard with commas between, or none, got csv,excel',
  )
})

it('draws the curves of a run into the terminal and an SVG', async () => {
  const run = join(folder, 'curves')
  await trainTiny(run, { data: 'two-moons' })
  const lines = Array.from({ length: 300 }, (_, i) => ({
    step: i + 1,
    loss: 300 - i,
    rate: 2,
    ...(i % 100 === 99 && { evaluation: { nats: i, standardError: 1 } }),
  }))
  await writeFile(runFiles(run).log, lines.map((line) => JSON.stringify(line)).join('\n'))
  const { curves, file } = await runLog({ run })
  expect(curves.map(({ name, values }) => [name, values.length, values.at(-1)])).toEqual([
    ['loss', 300, 1],
    ['evaluation/nats', 3, 299],
  ])
  const svg = await readFile(file, 'utf8')
  expect(svg).toContain('>loss</text>')
  expect(svg).toContain('>evaluation/nats</text>')
  const rate = await runLog({ run, of: 'rate' })
  expect(rate.curves).toEqual([
    { name: 'rate', steps: lines.map(({ step }) => step), values: lines.map(() => 2) },
  ])
  await expect(runLog({ run, of: 'lost' })).rejects.toThrow(
    'sgm: expected --of loss, rate, evaluation/nats, evaluation/standardError, got lost',
  )

  const stdout = new PassThrough({ encoding: 'utf8' })
  expect(await main(['log', run], { stdout })).toBe(0)
  const out = String(stdout.read())
  expect(out).toMatch(/^loss: 1\.000 at step 300\n/)
  expect(Math.max(...out.split('\n').map((row) => row.length))).toBeLessThan(100)
  await writeFile(runFiles(run).log, '{"step":1,"loss":2}\n{"step":')
  for (const tell of [runLog, runInfo]) {
    await expect(tell({ run })).rejects.toThrow(
      `sgm: expected JSON with a step on line 2 of ${runFiles(run).log}, got {"step":`,
    )
  }
})

it('says when there is nothing to draw yet', async () => {
  const run = join(folder, 'none')
  await trainTiny(run, { data: 'two-moons' })
  await writeFile(runFiles(run).log, '')
  await expect(runLog({ run })).rejects.toThrow(`sgm: expected lines in ${runFiles(run).log}, got none yet`)
})
