import { copyFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Puts tfjs's WASM files beside built modules, which name them by `new URL('./…', import.meta.url)`. */
export async function copyWasm(folder: string): Promise<void> {
  const from = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  const names = (await readdir(from)).filter((name) => name.endsWith('.wasm'))
  await Promise.all(names.map((name) => copyFile(join(from, name), join(folder, name))))
}
