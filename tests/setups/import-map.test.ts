import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { openBrowser } from './browse.ts'
import { copyWasm, expectPage } from './built.ts'
import { type Esbuild, tool } from './tools.ts'

const folder = inject('folder')
const ours = ['backend-onnx', 'data', 'losses', 'samplers', 'score', 'sde', 'tensor', 'train']

test('a page with an import map, of modules as content delivery networks make them', async () => {
  const { build, stop } = await tool<Esbuild>(folder, 'esbuild')
  const names = [...ours, 'tensor/check', 'tensor/compile']
  const { warnings } = await build({
    absWorkingDir: folder,
    // The entries of one package share its modules; those of others are named by the map.
    entryPoints: [
      ...names.map((name) => ({ in: `node_modules/@sgm/${file(name)}`, out: name.replace('/', '-') })),
      ...['page', 'program', 'readme'].map((name) => ({ in: `${name}.js`, out: name })),
    ],
    bundle: true,
    splitting: true,
    format: 'esm',
    conditions: ['browser'],
    external: ['@sgm/*', '@tensorflow/tfjs', '@tensorflow/tfjs-core', 'onnxruntime-web/wasm'],
    outdir: 'out/map',
    logLevel: 'silent',
  })
  await stop()
  expect(warnings).toEqual([])
  const others = {
    '@tensorflow/tfjs': '@tensorflow/tfjs/dist/tf.fesm.min.js',
    '@tensorflow/tfjs-core': '@tensorflow/tfjs/dist/tf.fesm.min.js',
    'onnxruntime-web/wasm': 'onnxruntime-web/dist/ort.wasm.bundle.min.mjs',
  }
  for (const path of new Set(Object.values(others)))
    copyFileSync(join(folder, 'node_modules', path), join(folder, 'out/map', path.split('/').at(-1)!))
  copyWasm(folder, 'map')
  const imports = Object.fromEntries([
    ...names.map((name) => [`@sgm/${name}`, `./${name.replace('/', '-')}.js`]),
    ...Object.entries(others).map(([name, path]) => [name, `./${path.split('/').at(-1)}`]),
  ])
  const browser = await openBrowser()
  await expectPage(browser, folder, 'map', `<script type="importmap">${JSON.stringify({ imports })}</script>`)
  await browser.close()
})

function file(name: string): string {
  const [one, part = 'index'] = name.split('/')
  return `${one}/dist/${part}.js`
}
