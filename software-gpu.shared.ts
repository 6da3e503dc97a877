import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/**
 * Makes processes started from here on find a WebGPU adapter that computes in software: SwiftShader, which comes from npm with Chromium.
 * Whether results are right then does not depend on the machine. With SGM_GPU=native, and where that SwiftShader does not run (it is built
 * for x86-64 Linux), they find the machine's own adapter, if there is one.
 */
export function useSoftwareGpu(): void {
  if (process.env.SGM_GPU === 'native' || process.platform !== 'linux' || process.arch !== 'x64') return
  const folder = unpacked()
  process.env.VK_ICD_FILENAMES = join(folder, 'vk_swiftshader_icd.json')
  const before = process.env.LD_LIBRARY_PATH
  if (!before?.split(':').includes(folder)) {
    process.env.LD_LIBRARY_PATH = before ? `${folder}:${before}` : folder
  }
}

/** The folder of the unpacked libraries, named after their version. */
function unpacked(): string {
  const require = createRequire(import.meta.url)
  const home = dirname(dirname(dirname(require.resolve('@sparticuz/chromium'))))
  const { version } = require(join(home, 'package.json')) as { version: string }
  const cache = join(import.meta.dirname, 'node_modules/.cache')
  const folder = join(cache, `swiftshader-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(join(cache, 'unpacking-'))
  const archive = brotliDecompressSync(readFileSync(join(home, 'bin/swiftshader.tar.br')))
  for (const { name, data } of tarEntries(archive)) writeFileSync(join(staging, name), data)
  try {
    renameSync(staging, folder)
  } catch (error) {
    // Another process was first.
    if (!existsSync(folder)) throw error
    rmSync(staging, { recursive: true })
  }
  return folder
}

/** The files of a tar archive that has no folders: headers of 512 bytes (name at 0, size in octal at 124), then data in whole blocks. */
function* tarEntries(archive: Buffer): Generator<{ name: string; data: Buffer }> {
  const text = (from: number, length: number): string =>
    archive.toString('utf8', from, from + length).replace(/\0.*$/s, '')
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    const data = archive.subarray(at + 512, at + 512 + size)
    yield { name: text(at, 100).replace(/^.*\//, ''), data }
    at += 512 + 512 * Math.ceil(size / 512)
  }
}
