import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { deflateSync, gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage, readImages, readNpz } from '.'
import { crc32 } from './crc32'

const MiB = 2 ** 20
const bytes = (...parts: readonly (number | string | Uint8Array)[]) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Uint8Array.of(part)
        : typeof part === 'string'
          ? Buffer.from(part, 'latin1')
          : part,
    ),
  )
const word = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

/** Colours with alpha, of 16 bits, all 0. */
function png(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = bytes(type, data)
    return bytes(word(data.length), body, word(crc32(body)))
  }
  const head = bytes(word(width), word(height), 16, 6, 0, 0, 0)
  const data = deflateSync(Buffer.alloc(height * (1 + 8 * width)), { level: 1 })
  return bytes('\x89PNG\r\n\x1a\n', chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', new Uint8Array()))
}

/** A progressive picture of three colours: one bit a block, which says that nothing changes. */
function jpeg(width: number, height: number, blocks = 3 * Math.ceil(width / 8) * Math.ceil(height / 8)) {
  const segment = (marker: number, ...content: readonly number[]) =>
    Uint8Array.of(0xff, marker, (content.length + 2) >> 8, content.length + 2, ...content)
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return bytes(
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, 0, ...Array<number>(64).fill(1)),
    segment(0xc2, 8, ...size, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0),
    segment(0xc4, 0, 1, ...Array<number>(15).fill(0), 0),
    segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0),
    new Uint8Array(Math.ceil(blocks / 8)),
    Uint8Array.of(0xff, 0xd9),
  )
}

function npy(head: string, size: number): Uint8Array {
  return bytes('\x93NUMPY\x01\x00', Uint8Array.of(head.length, 0), head, new Uint8Array(size))
}

const images = (count: number) =>
  npy(`{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, 1024, 1024), }`, count * MiB)

describe('small files that say they are large are refused by their heads', () => {
  const refused: Record<string, [read: () => Promise<unknown>, message: string]> = {
    'a JPEG file of 200 bytes for 64 megapixels': [
      () => decodeImage(jpeg(8192, 8192, 8)),
      'decodeImage: expected bytes to be a whole JPEG file, got image data too short for its size',
    ],
    'a PNG file for 64 megapixels': [
      () => {
        const file = png(4, 4)
        file.set(word(8192), 16)
        file.set(word(8192), 20)
        file.set(word(crc32(file.subarray(12, 29))), 29)
        return decodeImage(file)
      },
      'decodeImage: expected bytes to be a whole PNG file, got image data too short for its size',
    ],
    'more pixels than asked for, PNG': [
      () => decodeImage(png(100, 100), { pixels: 9999 }),
      'decodeImage: expected bytes to have from 1 to 9999 pixels, got 100×100',
    ],
    'more pixels than asked for, JPEG': [
      () => decodeImage(jpeg(100, 100), { pixels: 9999 }),
      'decodeImage: expected bytes to have from 1 to 9999 pixels, got 100×100',
    ],
    'a gzip file of more than the limit': [
      () => readImages(gzipSync(new Uint8Array(MiB)), { limit: MiB - 1 }),
      'readImages: expected bytes to inflate to at most 1048575 bytes (the option limit), got 1048576',
    ],
    // Damaged behind its start, which is as far as it is inflated.
    'a gzip file of zeros': [
      () => readImages(gzipSync(new Uint8Array(64 * MiB)).fill(0xff, 2 ** 13, 2 ** 14)),
      'readImages: expected bytes to be an IDX, .npy, .npz or CIFAR file, got 67108864 bytes that begin with 00 00',
    ],
    'a gzip file whose head says another size than its end': [
      () => {
        const file = new Uint8Array(64 * MiB)
        file.set([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 4, 0, 0, 0, 4, 0])
        return readImages(gzipSync(file).fill(0xff, 2 ** 13, 2 ** 14))
      },
      'readImages: expected bytes to hold 1048576 bytes after its head, for shape [1, 1024, 1024], got 67108848',
    ],
    'gzipped labels of zeros': [
      () =>
        readImages(images(1), {
          labels: gzipSync(new Uint8Array(64 * MiB)).fill(0xff, 2 ** 13, 2 ** 14),
        }),
      'readImages: expected bytes to be an IDX or .npy file of labels, got other bytes',
    ],
    'a gzip file that says it is denser than deflate can be': [
      () => {
        const file = gzipSync(new Uint8Array(MiB))
        file.set([0, 0, 0, 63], file.length - 4)
        return readImages(file)
      },
      'readImages: expected bytes to be a whole gzip file, got a truncated or damaged one',
    ],
    'an archive of arrays that are too large together': [
      () => readNpz(zipSync({ 'a.npy': images(1), 'b.npy': images(1) }), { limit: 2 * MiB }),
      'readNpz: expected bytes to inflate to at most 2097152 bytes (the option limit), got',
    ],
    'an archive of too many files': [
      () => {
        const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i, new Uint8Array()]))
        return readNpz(zipSync(many))
      },
      'readNpz: expected bytes to hold at most 10000 files, got 10001',
    ],
  }
  for (const [name, [read, message]] of Object.entries(refused)) {
    it(name, async () => {
      await expect(read()).rejects.toThrow(message)
    })
  }
})

// One process a file: the memory that a process has taken at most is counted from its beginning.
describe('files take up to four times what they hold', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sgm-bombs-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const files: Record<string, { file: () => Uint8Array; read: string; holds: number }> = {
    png: { file: () => png(4096, 4096), read: 'decodeImage(bytes)', holds: 48 * MiB },
    jpeg: { file: () => jpeg(2048, 4096), read: 'decodeImage(bytes)', holds: 24 * MiB },
    gzip: { file: () => gzipSync(images(64)), read: 'readImages(bytes)', holds: 64 * MiB },
    npz: { file: () => zipSync({ 'x.npy': images(64) }), read: 'readNpz(bytes)', holds: 64 * MiB },
  }
  it.each(Object.entries(files))('%s', async (name, { file, read, holds }) => {
    const path = join(folder, name)
    await writeFile(path, file())
    const source = fileURLToPath(new URL('./index.ts', import.meta.url))
    const script = `
      import { readFileSync } from 'node:fs'
      const { decodeImage, readImages, readNpz } = await import(${JSON.stringify(source)})
      const bytes = readFileSync(${JSON.stringify(path)})
      await import('@sgm/tensor')
      const before = process.resourceUsage().maxRSS
      await ${read}
      console.log(1024 * (process.resourceUsage().maxRSS - before))`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
    )
    const taken = Number(stdout)
    expect(taken).toBeGreaterThan(holds / 2)
    expect(taken).toBeLessThan(4 * holds)
  })
})
