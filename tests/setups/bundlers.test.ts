import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openBrowser, serve, visit } from './browse.ts'
import { expectResult, type Result } from './expected.ts'
import { tool } from './tools.ts'

const folder = inject('folder')
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** Opens what a bundler wrote, on tfjs's choice of a backend and on WASM. */
async function expectPage(name: string, html = 'index.html') {
  const out = join(folder, 'out', name)
  mkdirSync(out, { recursive: true })
  writeFileSync(
    join(out, html),
    '<!doctype html><title>Page</title><script type="module" src="page.js"></script>',
  )
  const { url, server } = await serve(out)
  for (const backend of ['', 'wasm']) {
    const { result, problems } = await visit<Result>(browser, `${url}/${html}?${backend}`)
    expectResult(result, backend)
    expect(problems).toEqual([])
  }
  server.close()
}

interface Stats {
  compilation: { errors: Error[]; warnings: Error[] }
}

test('webpack, without configuration', async () => {
  const webpack = await tool<(options: object, done: (error: Error | null, stats: Stats) => void) => void>(
    folder,
    'webpack',
  )
  const { compilation } = await promisify(webpack)({
    context: folder,
    mode: 'production',
    performance: { hints: false },
    entry: { page: './page.js' },
    output: { path: join(folder, 'out/webpack') },
  })
  expect(compilation.errors.map(String)).toEqual([])
  expect(compilation.warnings.map(String)).toEqual([])
  await expectPage('webpack')
})

/** What is served beside a bundle, for bundlers that do not take files along. */
function copyWasm(name: string) {
  const out = join(folder, 'out', name)
  const ort = 'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'
  const tfjs = ['', '-simd', '-threaded-simd'].map((kind) => `@sgm/tensor/dist/tfjs-backend-wasm${kind}.wasm`)
  for (const path of [ort, ...tfjs])
    copyFileSync(join(folder, 'node_modules', path), join(out, path.split('/').at(-1)!))
}

test('esbuild, which takes no files along: without them the page hears what to copy', async () => {
  const { build } = await tool<{ build: (options: object) => Promise<{ warnings: unknown[] }> }>(
    folder,
    'esbuild',
  )
  const { warnings } = await build({
    absWorkingDir: folder,
    entryPoints: ['page.js'],
    bundle: true,
    minify: true,
    format: 'esm',
    outdir: 'out/esbuild',
    logLevel: 'silent',
  })
  expect(warnings).toEqual([])
  const out = join(folder, 'out/esbuild')
  writeFileSync(join(out, 'early.html'), '<!doctype html><script type="module" src="page.js"></script>')
  const { url, server } = await serve(out)
  const early = await visit<{ error: string }>(browser, `${url}/early.html`)
  expect(early.result.error).toMatch(/^Error: onnx: expected the file ort-wasm-simd-threaded.wasm .* beside/)
  server.close()
  copyWasm('esbuild')
  await expectPage('esbuild')
})

interface Rollup {
  rollup(options: {
    input: string
    plugins: object[]
    onwarn: (warning: { id?: string; message: string }) => void
  }): Promise<{ write: (options: object) => Promise<unknown>; close: () => Promise<void> }>
}

test('Rollup, with the plugins for npm packages, which takes no files along', async () => {
  const { rollup } = await tool<Rollup>(folder, 'rollup')
  const resolve = await tool<(options: object) => object>(folder, '@rollup/plugin-node-resolve')
  const commonjs = await tool<() => object>(folder, '@rollup/plugin-commonjs')
  const problems: string[] = []
  const bundle = await rollup({
    input: join(folder, 'page.js'),
    plugins: [resolve({ browser: true }), commonjs()],
    onwarn: ({ id, message }) => {
      // Others have their own.
      if (/node_modules\/@sgm\//.test(`${id}${message}`)) problems.push(message)
    },
  })
  await bundle.write({ dir: join(folder, 'out/rollup'), format: 'esm' })
  await bundle.close()
  expect(problems).toEqual([])
  copyWasm('rollup')
  await expectPage('rollup')
})
