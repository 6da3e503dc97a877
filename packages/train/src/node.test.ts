import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileStore } from './node'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('gives back what was saved last, making folders on the way', async () => {
  const store = fileStore(join(folder, 'a/b/run.safetensors'))
  expect(await store.load()).toBeUndefined()
  await store.save(Uint8Array.of(1, 2, 3))
  await store.save(Uint8Array.of(4))
  expect(await store.load()).toEqual(Uint8Array.of(4))
  expect(await readdir(join(folder, 'a/b'))).toEqual(['run.safetensors'])
})

it('keeps the last checkpoint when a save fails, and says which file', async () => {
  const path = join(folder, 'run.safetensors')
  const store = fileStore(path)
  await store.save(Uint8Array.of(1))
  // A disk that takes nothing more.
  const { symlink } = await import('node:fs/promises')
  await symlink('/dev/full', `${path}.partial`)
  await expect(store.save(new Uint8Array(1 << 20))).rejects.toThrow(
    `fileStore: could not save ${path}: ENOSPC`,
  )
  expect(await store.load()).toEqual(Uint8Array.of(1))
  expect(await readdir(folder)).toEqual(['run.safetensors'])
})

it('does not take a folder in the way for a missing file', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(fileStore(folder).load()).rejects.toThrow(/EISDIR/)
  await expect(fileStore(join(folder, 'file/run')).save(Uint8Array.of(1))).rejects.toThrow(/file/)
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('')
})
