import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { firstDerivatives, reporting } from '../vitest.shared.ts'
import { canvases, findChromium } from './browser/chromium.ts'
import { onWebGpuOfPages } from './contracts/on-webgpu.ts'

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

/** Test files in headless Chromium, once per backend; `isolated` says in what kind of page, `about` tells apart what runs on the same backend. */
const pages = (
  include: string[],
  backends: readonly string[],
  isolated: boolean,
  { about = '', pattern = /(?:)/ } = {},
) => ({
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
      ...['d3-color', 'd3-contour', 'd3-interpolate', 'd3-scale', 'd3-scale-chromatic', 'fast-png'].map(
        (name) => `../../tests > @sgm/viz > ${name}`,
      ),
    ],
  },
  test: {
    name: isolated ? 'isolated' : `browser-${backends.join()}${about}`,
    include,
    testNamePattern: pattern,
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
      instances: backends.map((backend) => ({
        browser: 'chromium' as const,
        name: isolated ? `${backend}, isolated` : `${backend}${about}`,
        provide: {
          backend,
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
/** The contracts on eager tensors of WebGPU. */
const kept = [
  pages(['src/ops/{contract,edges,special}.test.ts'], ['webgpu'], false, {
    about: ', ops',
    pattern: firstDerivatives,
  }),
  pages(['../../tests/contracts/{samplers,losses,networks}.test.ts'], ['webgpu'], false, {
    about: ', contracts',
    pattern: onWebGpuOfPages,
  }),
]

/** The tensor package's own suite on WebGL, what runs on it in browsers once per backend named in SGM_BROWSER_BACKENDS, and what has threads in isolated pages too. */
export default defineConfig({
  test: {
    ...reporting('browser'),
    projects: [
      ...backends.map((backend) =>
        pages([...(backend === 'webgl' ? ['src/**/*.test.ts'] : ofPages), ours], [backend], false, {
          pattern: firstDerivatives,
        }),
      ),
      pages([ours, gpu], ['wasm'], true),
      ...kept,
    ],
  },
})
