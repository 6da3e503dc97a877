import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { firstDerivatives, reporting, whole } from '../vitest.shared.ts'
import { canvases, findChromium } from './browser/chromium.ts'
import { inPages } from './contracts/on-webgpu.ts'

const tensor = join(import.meta.dirname, '../packages/tensor')
const wasm = dirname(createRequire(join(tensor, 'package.json')).resolve('@tensorflow/tfjs-backend-wasm'))
const ort = dirname(createRequire(import.meta.filename).resolve('onnxruntime-web/wasm'))
const backends = (process.env.SGM_BROWSER_BACKENDS ?? 'webgl,wasm').split(',')
const chromium = await findChromium()

const fixtures = join(import.meta.dirname, '../packages/pipeline/fixtures')

/** The files of a tiny pipeline, where they are served. */
function served(name: string): Readonly<Record<string, string>> {
  const folder = join(fixtures, `tiny-${name}`)
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('.'),
  )
  return Object.fromEntries(paths.map((path) => [path, `/@fs${folder}/${path}`]))
}

/** With these a page is cross-origin isolated, and WebAssembly may have threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Nothing here makes code from strings; that WebAssembly is compiled has to be said. Vite's client is written into the page. */
const policy = {
  'Content-Security-Policy': "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
}

/** What runs in pages on one backend; `name` tells apart what runs on the same. */
interface Suite {
  readonly name: string
  readonly backend: string
  readonly include: readonly string[]
  readonly pattern?: RegExp
}

/** Suites in headless Chromium, in pages that are cross-origin isolated or are not: one server for all, which bundles dependencies once. */
const pages = (isolated: boolean, suites: readonly Suite[]) => ({
  root: tensor,
  publicDir: wasm,
  server: { headers: { ...policy, ...(isolated && isolation) } },
  // Found at the start: a dependency found later would reload the page in the middle of a test file.
  optimizeDeps: {
    include: [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgpu',
      '../../tests > onnxruntime-web/wasm',
      '../../tests > onnxruntime-web/webgpu',
      '../../tests > @sgm/pipeline > @huggingface/tokenizers',
      '../../tests > @sgm/backend-onnx > @bufbuild/protobuf/wire',
      '../../tests > @sgm/train > @foxglove/crc',
      '../../tests > @sgm/samplers > ml-matrix',
      ...['d3-color', 'd3-contour', 'd3-interpolate', 'd3-scale', 'd3-scale-chromatic', 'fast-png'].map(
        (name) => `../../tests > @sgm/viz > ${name}`,
      ),
    ],
  },
  test: {
    name: isolated ? 'isolated' : 'pages',
    // Where dependencies are looked for.
    include: suites.flatMap(({ include }) => include),
    // A GPU that is opened and closed in a page shared with WebGL's tests may take their context with it.
    exclude: [
      'src/node/**',
      'src/**/*.node.test.ts',
      ...(isolated ? [] : ['../../tests/browser/{gpu,onnx-gpu}.test.ts']),
    ],
    setupFiles: [join(import.meta.dirname, 'browser/setup.ts')],
    testTimeout: 120_000,
    // A page to each file where threads are looked at: they start with the first session.
    isolate: isolated,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      fileParallelism: false,
      provider: playwright({
        launchOptions: isolated ? { ...chromium, args: [...chromium.args, ...canvases] } : chromium,
      }),
      instances: suites.map(({ name, backend, include, pattern }) => ({
        browser: 'chromium' as const,
        name,
        include: [...include],
        ...(pattern && { testNamePattern: pattern }),
        provide: {
          backend,
          whole,
          isolated,
          ort: `/@fs${ort}/`,
          pipelines: { sd1: served('sd1'), sd3: served('sd3'), recorded: `/@fs${fixtures}/expected.json` },
        },
      })),
    },
  },
})

const ours = '../../tests/browser/*.test.ts'

/** What of the tensor package may differ where WASM runs in a page: how it is fetched, and what else the page does. Its kernels are the binary that Node's tests run. */
const ofPages = ['src/backends/**/*.test.ts', 'src/random/**/*.test.ts', 'src/serialize/**/*.test.ts']

/** Its executor, and what a page's GPU does by it. */
const gpu = '../backend-gpu/src/{contract,convergence}.test.ts'

/** On eager tensors of WebGPU: the op cases, and the contracts. */
const onWebGpu: readonly Suite[] = [
  {
    name: 'webgpu, ops',
    backend: 'webgpu',
    include: ['src/ops/{contract,edges,special}.test.ts'],
    pattern: firstDerivatives,
  },
  {
    name: 'webgpu, contracts',
    backend: 'webgpu',
    include: ['../../tests/contracts/{samplers,losses,networks}.test.ts'],
    ...(!whole && { pattern: inPages }),
  },
]

/** The tensor package's own suite on WebGL, what runs on it in browsers once per backend named in SGM_BROWSER_BACKENDS, and what has threads in isolated pages too. */
export default defineConfig({
  test: {
    ...reporting('browser'),
    // What a page may take to open on a busy machine.
    browser: { connectTimeout: 300_000 },
    projects: [
      pages(false, [
        ...backends.map((backend) => ({
          name: backend,
          backend,
          include: [...(backend === 'webgl' ? ['src/**/*.test.ts'] : ofPages), ours],
          pattern: firstDerivatives,
        })),
        ...onWebGpu,
      ]),
      pages(true, [{ name: 'wasm, isolated', backend: 'wasm', include: [ours, gpu] }]),
    ],
  },
})
