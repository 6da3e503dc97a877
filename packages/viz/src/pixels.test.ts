import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tensor } from '@sgm/tensor'
import { decode } from 'fast-png'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { inProcess } from '../../../in-process.shared'
import { savePng } from './node'
import { toImageData } from './pixels'

afterEach(() => vi.unstubAllGlobals())

const folder = await mkdtemp(join(tmpdir(), 'sgm-pixels-'))
afterAll(() => rm(folder, { recursive: true }))

/** What a page has. */
class PageImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

describe('toImageData', () => {
  it('has an image, grey or in colours, of any range', async () => {
    vi.stubGlobal('ImageData', PageImageData)
    const grey = await toImageData(tensor([0, 0.2, 1, 2], [2, 2]))
    expect(grey).toBeInstanceOf(PageImageData)
    expect(grey).toMatchObject({ width: 2, height: 2 })
    expect([...grey.data]).toEqual([0, 0, 0, 255, 51, 51, 51, 255, 255, 255, 255, 255, 255, 255, 255, 255])
    const colour = await toImageData(tensor([-1, 0, 1], [1, 1, 3]), { range: [-1, 1] })
    expect([...colour.data]).toEqual([0, 128, 255, 255])
    const bytes = await toImageData({ values: Uint8Array.of(7, 8, 9, 10), shape: [1, 1, 4] })
    expect([...bytes.data]).toEqual([7, 8, 9, 10])
  })

  it('says what it is for where there is no page, and what is no image', async () => {
    await expect(toImageData([[1]])).rejects.toThrow('in Node savePng writes a file')
    vi.stubGlobal('ImageData', PageImageData)
    await expect(toImageData([1, 2])).rejects.toThrow('toImageData: expected an image [height, width]')
    await expect(toImageData(tensor([1, 2], [1, 1, 2]))).rejects.toThrow('got [1, 1, 2]')
    await expect(toImageData([[1]], { range: [1, 1] })).rejects.toThrow(RangeError)
  })
})

describe('savePng', () => {
  it('writes a batch in rows, a clear pixel between its images', async () => {
    const path = join(folder, 'new', 'x.png')
    await savePng(tensor([0, 0.2, 0.4], [3, 1, 1, 1]), path, { columns: 2 })
    const { width, height, data, channels } = decode(await readFile(path))
    expect([width, height, channels]).toEqual([3, 3, 4])
    const at = (x: number, y: number) => [...data.slice(4 * (3 * y + x), 4 * (3 * y + x) + 4)]
    expect(at(0, 0)).toEqual([0, 0, 0, 255])
    expect(at(2, 0)).toEqual([51, 51, 51, 255])
    expect(at(0, 2)).toEqual([102, 102, 102, 255])
    expect([at(1, 0)[3], at(2, 2)[3]]).toEqual([0, 0])
  })

  it('leaves the picture that was there, whole and alone, when the new one cannot be written', async () => {
    const beside = join(folder, 'full')
    const path = join(beside, 'x.png')
    await savePng([[0.5]], pathToFileURL(path))
    // A limit on the size of files stands for a full disk.
    const script = inProcess(`
      const { savePng } = await import(${JSON.stringify(join(import.meta.dirname, 'node.ts'))})
      const noise = Array.from({ length: 64 }, (_, y) => Array.from({ length: 64 }, (_, x) => ((x * y * 7919) % 251) / 250))
      await savePng(noise, ${JSON.stringify(path)}).catch((error) => console.log(error.message))`)
    const { stdout } = spawnSync('sh', ['-c', 'ulimit -f 1; exec "$0" "$@"', ...script], { encoding: 'utf8' })
    expect(stdout).toMatch(new RegExp(`^savePng: could not write ${path}: (EFBIG|ENOSPC)`))
    const { width, height, data } = decode(await readFile(path))
    expect([width, height, ...data]).toEqual([1, 1, 128, 128, 128, 255])
    expect(await readdir(beside)).toEqual(['x.png'])
  })
})
