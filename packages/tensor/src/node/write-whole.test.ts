import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inProcess } from '../../../../in-process.shared'
import { writeWhole } from './write-whole'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('leaves the content and nothing beside it, over an old file with its permissions', async () => {
  const path = join(folder, 'a.txt')
  await writeWhole(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
  await writeFile(join(folder, 'private'), 'old', { mode: 0o600 })
  await writeWhole(join(folder, 'private'), Uint8Array.of(1, 2))
  expect([...(await readFile(join(folder, 'private')))]).toEqual([1, 2])
  expect((await stat(join(folder, 'private'))).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['a.txt', 'private'])
})

it('keeps a link and replaces what it points to', async () => {
  await writeFile(join(folder, 'real'), 'old')
  await symlink('real', join(folder, 'link'))
  await writeWhole(join(folder, 'link'), 'new')
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['link', 'real'])
})

it('writes into pipes and devices as they are', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const [text] = await Promise.all([readFile(pipe, 'utf8'), writeWhole(pipe, 'through')])
  expect(text).toBe('through')
  expect((await stat(pipe)).isFIFO()).toBe(true)
  await expect(writeWhole('/dev/full', 'x')).rejects.toThrow('writeWhole: could not write /dev/full: ENOSPC')
  expect((await stat('/dev/full')).isCharacterDevice()).toBe(true)
})

it('names the file that it cannot write, and leaves the old one', async () => {
  await mkdir(join(folder, 'taken'))
  await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow(
    `writeWhole: could not write ${join(folder, 'taken')}: EISDIR`,
  )
  await expect(writeWhole(join(folder, 'none/x'), 'x')).rejects.toThrow(/could not write .*none\/x: ENOENT/)
  const path = join(folder, 'small')
  await writeFile(path, 'old')
  // A limit on the size of files, as a full disk would: of 1 block of 512 or 1024 bytes.
  const script = inProcess(`
    const { writeWhole } = await import(${JSON.stringify(join(import.meta.dirname, 'write-whole.ts'))})
    await writeWhole(${JSON.stringify(path)}, new Uint8Array(1 << 16)).catch((error) => console.log(error.message))`)
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -f 1; exec "$0" "$@"', ...script], { encoding: 'utf8' })
  expect(stdout).toMatch(new RegExp(`^writeWhole: could not write ${path}: (EFBIG|ENOSPC)`))
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['small', 'taken'])
})

it('lets readers see one whole content or another while several write', async () => {
  const path = join(folder, 'both')
  const size = 1 << 20
  await writeFile(path, Buffer.alloc(size, 7))
  const writing = Promise.all(
    Array.from({ length: 60 }, (_, i) => writeWhole(path, new Uint8Array(size).fill(i % 2))),
  )
  const torn: number[] = []
  for (let i = 0; i < 60; i++) {
    const bytes = await readFile(path)
    if (bytes.length !== size || !bytes.equals(Buffer.alloc(size, bytes[0]!))) torn.push(i)
  }
  await writing
  expect(torn).toEqual([])
  expect(await readdir(folder)).toEqual(['both'])
})

it('removes what a killed process left, and leaves what a living or unknown one has', async () => {
  const left = spawnSync(
    process.execPath,
    inProcess(`
      const { viaPartial } = await import(${JSON.stringify(join(import.meta.dirname, 'partial.ts'))})
      const { writeFileSync } = await import('node:fs')
      await viaPartial(${JSON.stringify(join(folder, 'x'))}, async (partial) => {
        writeFileSync(partial, 'half', { flag: 'wx' })
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => setInterval(() => {}, 1000))
      })`).slice(1),
  )
  expect(left.signal).toBe('SIGKILL')
  const [partial] = await readdir(folder)
  expect(partial).toMatch(/^\.sgm-[0-9a-f]{8}-\d+-0\.partial$/)
  const [, host] = partial!.split('-')
  const living = `.sgm-${host}-${process.ppid}-0.partial`
  const abroad = `.sgm-${'0'.repeat(8)}-999999999-0.partial`
  for (const name of [living, abroad]) await writeFile(join(folder, name), '')
  await writeWhole(join(folder, 'y'), '')
  expect((await readdir(folder)).sort()).toEqual([living, abroad, 'y'].sort())
})

it('never writes through a link that stands under its own name', async () => {
  const path = join(folder, 'x')
  const victim = join(folder, 'victim')
  await writeFile(victim, 'untouched')
  await writeWhole(path, 'first')
  // Names of the next files of this process, as far as one can guess them.
  const { viaPartial } = await import('./partial')
  let last = ''
  await viaPartial(path, async (partial) => {
    last = partial
    await writeFile(partial, 'second', { flag: 'wx' })
  })
  const number = Number(/-(\d+)\.partial$/.exec(last)![1])
  const next = Array.from({ length: 3 }, (_, i) => last.replace(/\d+\.partial$/, `${number + 1 + i}.partial`))
  for (const name of [...next, `${path}.partial`]) await symlink(victim, name)
  await writeWhole(path, 'third')
  expect(await readFile(path, 'utf8')).toBe('third')
  expect(await readFile(victim, 'utf8')).toBe('untouched')
})
