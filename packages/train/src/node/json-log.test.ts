import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { jsonLog } from './json-log'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('appends a line a step, in folders it makes', async () => {
  const path = join(folder, 'run/log.jsonl')
  const log = jsonLog(path)
  await log({ step: 10, loss: 0.5 })
  await log({ step: 20, loss: 0.25, evaluation: { fid: 3 } })
  const text = await readFile(path, 'utf8')
  expect(text).toBe('{"step":10,"loss":0.5}\n{"step":20,"loss":0.25,"evaluation":{"fid":3}}\n')
})

it('of a resumed run drops what the killed one wrote after its checkpoint, half a line included', async () => {
  const path = join(folder, 'log.jsonl')
  const first = jsonLog(path)
  for (const step of [1, 2, 3, 4, 5]) await first({ step, loss: step })
  await writeFile(path, '{"step":6,"lo', { flag: 'a' })
  const second = jsonLog(path)
  for (const step of [4, 5, 6]) await second({ step, loss: -step })
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ loss }) => loss)).toEqual([1, 2, 3, -4, -5, -6])
  expect(await readdir(folder)).toEqual(['log.jsonl'])
})

it('refuses steps that do not rise', async () => {
  const log = jsonLog(join(folder, 'log.jsonl'))
  await log({ step: 3 })
  await expect(log({ step: 3 })).rejects.toThrow('jsonLog: expected a step above 3, got 3')
  await expect(jsonLog(join(folder, 'other'))({ step: 0.5 })).rejects.toThrow('a step above 0, got 0.5')
})

it('names the file that it cannot write', async () => {
  await symlink('/dev/full', join(folder, 'full'))
  const path = join(folder, 'full')
  await expect(jsonLog(path)({ step: 1 })).rejects.toThrow(`jsonLog: could not write ${path}: ENOSPC`)
  await expect(jsonLog(folder)({ step: 1 })).rejects.toThrow(`jsonLog: could not write ${folder}: EISDIR`)
  const gone = join(folder, 'run/log')
  const log = jsonLog(gone)
  await log({ step: 1 })
  await rm(join(folder, 'run'), { recursive: true })
  await expect(log({ step: 2 })).rejects.toThrow(`jsonLog: could not write ${gone}: ENOENT`)
  expect(() => jsonLog(null as never)).toThrow('jsonLog: expected path to be a path, got null')
  await expect(log(null as never)).rejects.toThrow('a step above 1, got undefined')
})
