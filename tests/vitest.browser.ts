import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { reporting } from '../vitest.shared.ts'
import { findChromium } from './browser/chromium.ts'

const tensor = join(import.meta.dirname, '../packages/tensor')
const wasm = dirname(createRequire(join(tensor, 'package.json')).resolve('@tensorflow/tfjs-backend-wasm'))
const ort = dirname(createRequire(import.meta.filename).resolve('onnxruntime-web/wasm'))
const backends = (process.env.SGM_BROWSER_BACKENDS ?? 'webgl,wasm').split(',')

/** The tensor package's own suite, and what runs on it in browsers, in headless Chromium: once per backend named in SGM_BROWSER_BACKENDS. */
export default defineConfig(async () => ({
  root: tensor,
  publicDir: wasm,
  // Found at the start: a dependency found later would reload the page in the middle of a test file.
  optimizeDeps: {
    include: [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgpu',
      '../../tests > onnxruntime-web/wasm',
    ],
  },
  test: {
    ...reporting('browser'),
    include: ['src/**/*.test.ts', '../../tests/browser/*.test.ts'],
    exclude: ['src/**/*.node.test.ts'],
    setupFiles: [join(import.meta.dirname, 'browser/setup.ts')],
    testTimeout: 120_000,
    isolate: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      fileParallelism: false,
      provider: playwright({ launchOptions: await findChromium() }),
      instances: backends.map((backend) => ({
        browser: 'chromium' as const,
        name: backend,
        provide: { backend, ort: `/@fs${ort}/` },
      })),
    },
  },
}))
