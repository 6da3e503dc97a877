import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { csvLog } from './csv-log'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-csv-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('has a column a name, and a new one when a name comes up later', async () => {
  const path = join(folder, 'run/log.csv')
  const log = csvLog(path)
  await log({ step: 10, loss: 0.5, rate: 1e-7 })
  await log({ step: 20, loss: Number.NaN, 'a,"b"': 'two\nlines, "quoted"' })
  await log({ step: 30, rate: 2, evaluation: { nats: 3 } })
  expect(await readFile(path, 'utf8')).toBe(
    [
      'step,loss,rate,"a,""b""",evaluation/nats',
      '10,0.5,1e-7,,',
      '20,,,"two lines, ""quoted""",',
      '30,,2,,3',
      '',
    ].join('\n'),
  )
})

it('of a resumed run drops what the killed one wrote after its checkpoint, and keeps its columns', async () => {
  const path = join(folder, 'log.csv')
  const first = csvLog(path)
  for (const step of [1, 2, 3]) await first({ step, 'a,b': step, loss: step })
  await writeFile(path, '4,4', { flag: 'a' })
  const second = csvLog(path)
  for (const step of [3, 4]) await second({ step, loss: -step, 'a,b': 0 })
  expect(await readFile(path, 'utf8')).toBe('step,"a,b",loss\n1,1,1\n2,2,2\n3,0,-3\n4,0,-4\n')
})

it('takes the place of what is no log', async () => {
  const path = join(folder, 'log.csv')
  await writeFile(path, 'something else\n')
  await csvLog(path)({ step: 1, loss: 2 })
  expect(await readFile(path, 'utf8')).toBe('step,loss\n1,2\n')
})

it('refuses steps that do not rise, and names the file that it cannot write', async () => {
  const log = csvLog(join(folder, 'log.csv'))
  await log({ step: 3 })
  await expect(log({ step: 3 })).rejects.toThrow('csvLog: expected a step above 3, got 3')
  const full = join(folder, 'full')
  await symlink('/dev/full', full)
  await expect(csvLog(full)({ step: 1, loss: 1 })).rejects.toThrow(`csvLog: could not write ${full}: ENOSPC`)
  expect(() => csvLog('')).toThrow(TypeError)
})
