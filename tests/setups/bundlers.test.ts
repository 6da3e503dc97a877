import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openBrowser, serve, visit } from './browse.ts'
import { copyWasm, expectPage } from './built.ts'
import { type Esbuild, tool } from './tools.ts'

const folder = inject('folder')
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

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
  await expectPage(browser, folder, 'webpack')
})

test('esbuild, which takes no files along: without them the page hears what to copy', async () => {
  const { build, stop } = await tool<Esbuild>(folder, 'esbuild')
  const { warnings } = await build({
    absWorkingDir: folder,
    entryPoints: ['page.js'],
    bundle: true,
    minify: true,
    format: 'esm',
    outdir: 'out/esbuild',
    logLevel: 'silent',
  })
  await stop()
  expect(warnings).toEqual([])
  const out = join(folder, 'out/esbuild')
  writeFileSync(join(out, 'early.html'), '<!doctype html><script type="module" src="page.js"></script>')
  const { url, server } = await serve(out)
  const early = await visit<{ error: string }>(browser, `${url}/early.html`)
  expect(early.result.error).toMatch(/^Error: onnx: expected the file ort-wasm-simd-threaded.wasm .* beside/)
  server.close()
  copyWasm(folder, 'esbuild')
  await expectPage(browser, folder, 'esbuild')
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
  copyWasm(folder, 'rollup')
  await expectPage(browser, folder, 'rollup')
})
