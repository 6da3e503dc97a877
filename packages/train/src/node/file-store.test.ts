import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inProcess } from '../../../../in-process.shared'
import { fileStore, keptCheckpoints } from './file-store'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bytes = (...values: number[]) => Uint8Array.from(values)

it('gives back what was saved last, making folders on the way', async () => {
  const store = fileStore(join(folder, 'a/b/run.safetensors'))
  expect(await store.load()).toBeUndefined()
  await store.save(bytes(1, 2, 3), 1)
  await store.save(bytes(4), 2)
  expect(await store.load()).toEqual(bytes(4))
  expect(await readdir(join(folder, 'a/b'))).toEqual(['run.safetensors'])
})

it('keeps the last checkpoint when a save fails, and says which file', async () => {
  const path = join(folder, 'run.safetensors')
  await fileStore(path).save(bytes(1), 1)
  // A limit on the size of files stands for a disk that takes nothing more.
  const script = inProcess(`
    const { fileStore } = await import(${JSON.stringify(join(import.meta.dirname, 'file-store.ts'))})
    const save = fileStore(${JSON.stringify(path)}).save(new Uint8Array(1 << 20), 2)
    await save.catch((error) => console.log(error.message))`)
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -f 1; exec "$0" "$@"', ...script], { encoding: 'utf8' })
  expect(stdout).toMatch(new RegExp(`^fileStore: could not save ${path}: EFBIG`))
  expect(await fileStore(path).load()).toEqual(bytes(1))
  expect(await readdir(folder)).toEqual(['run.safetensors'])
})

it('keeps as many as it is told to, and drops those of steps that were taken back', async () => {
  const path = join(folder, 'run.safetensors')
  const store = fileStore(path, { keep: 2 })
  for (const step of [10, 20, 30]) await store.save(bytes(step), step)
  const steps = async () => (await keptCheckpoints(path)).map(({ step }) => step)
  expect(await steps()).toEqual([30, 20])
  expect(await readdir(folder)).toEqual([
    'run-0000020.safetensors',
    'run-0000030.safetensors',
    'run.safetensors',
  ])
  expect(await store.load()).toEqual(bytes(30))
  expect(await readFile((await keptCheckpoints(path))[1]!.path)).toEqual(Buffer.of(20))
  await store.save(bytes(25), 25)
  expect(await steps()).toEqual([25, 20])
  // A file that is saved again leaves the kept one of the same content alone.
  await fileStore(path).save(bytes(99), 99)
  expect(await readFile((await keptCheckpoints(path))[0]!.path)).toEqual(Buffer.of(25))
  expect(await store.load()).toEqual(bytes(99))
})

it('makes no folder anew that went away', async () => {
  const path = join(folder, 'run/checkpoint.safetensors')
  const store = fileStore(path)
  await store.save(bytes(1), 1)
  await rm(join(folder, 'run'), { recursive: true })
  await expect(store.save(bytes(2), 2)).rejects.toThrow(`fileStore: could not save ${path}: ENOENT`)
  expect(await readdir(folder)).toEqual([])
})

it('does not take a folder in the way for a missing file', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(fileStore(folder).load()).rejects.toThrow(/EISDIR/)
  await expect(fileStore(join(folder, 'file/run')).save(bytes(1), 1)).rejects.toThrow(/file/)
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('')
})

it('refuses what is no path and no number', () => {
  expect(() => fileStore('')).toThrow('fileStore: expected path to be a path, got ')
  expect(() => fileStore(null as never)).toThrow(TypeError)
  for (const keep of [0, 1.5, Number.NaN]) {
    expect(() => fileStore('x', { keep })).toThrow(
      `fileStore: expected keep to be an integer >= 1, got ${keep}`,
    )
  }
})
