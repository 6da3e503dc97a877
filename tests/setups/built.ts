import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { expect } from 'vitest'
import { serve, visit } from './browse.ts'
import { expectResult, type Result } from './expected.ts'

/** Opens what a bundler wrote, on tfjs's choice of a backend and on WASM. */
export async function expectPage(browser: Browser, folder: string, name: string, head = ''): Promise<void> {
  const out = join(folder, 'out', name)
  mkdirSync(out, { recursive: true })
  const script = '<script type="module" src="page.js"></script>'
  writeFileSync(join(out, 'index.html'), `<!doctype html><title>Page</title>${head}${script}`)
  const { url, server } = await serve(out)
  for (const backend of ['', 'wasm']) {
    const { result, problems } = await visit<Result>(browser, `${url}/index.html?${backend}`)
    expectResult(result, backend)
    expect(problems).toEqual([])
  }
  server.close()
}

/** What is served beside a bundle, for bundlers that do not take files along. */
export function copyWasm(folder: string, name: string): void {
  const ort = 'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'
  const tfjs = ['', '-simd', '-threaded-simd'].map((kind) => `@sgm/tensor/dist/tfjs-backend-wasm${kind}.wasm`)
  for (const path of [ort, ...tfjs])
    copyFileSync(join(folder, 'node_modules', path), join(folder, 'out', name, path.split('/').at(-1)!))
}
