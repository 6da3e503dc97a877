import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const setup = fileURLToPath(new URL('./vitest.setup.ts', import.meta.url))

/**
 * The one vitest configuration of every package: each suite runs once per backend named in SGM_BACKENDS
 * (default `cpu,wasm`), but for the files `once`, to whose results the engine does not matter: on the last of them, WASM, alone.
 */
export function backendSuite(
  include = ['src/**/*.test.ts', '*.test.ts'],
  backends = (process.env.SGM_BACKENDS ?? 'cpu,wasm').split(','),
  once: readonly string[] = [],
) {
  return defineConfig({
    test: {
      maxWorkers: 2,
      // Loading tfjs anew for every file would take most of the time.
      isolate: false,
      // Tests of ONNX Runtime alone tell its makers nothing either.
      env: { ORT_DISABLE_TELEMETRY: '1' },
      ...reporting(),
      projects: backends.flatMap((backend, i) =>
        [true, false].map((isolate) => ({
          test: {
            name: isolate ? `${backend}, apart` : backend,
            include: isolate ? include.map(apart) : include,
            exclude: [...(isolate ? [] : include.map(apart)), ...(i < backends.length - 1 ? once : [])],
            isolate,
            setupFiles: [setup],
            provide: { backend },
            testTimeout: 120_000,
          },
        })),
      ),
    },
  })
}

/** Whether GPUs in software are to run every test there is: SGM_WHOLE=1. */
export const whole = process.env.SGM_WHOLE === '1'

/** Of the op cases, all but second derivatives, for engines that compile kernels at their first use: no second derivative is made of a kernel that no value or gradient is made of. */
export const firstDerivatives = whole ? /(?:)/ : /^(?!.*has the second derivatives)/

/** Files that replace modules stand apart: a module that another file has loaded cannot be replaced any more. */
function apart(pattern: string): string {
  return pattern.replace('.test.ts', '.apart.test.ts')
}

/** Leaves the counts of a run as a file in the folder SGM_REPORT, where that is set. */
export function reporting(suite = process.env.npm_package_name ?? 'suite') {
  const folder = process.env.SGM_REPORT
  if (!folder) return {}
  const file = `${folder}/${suite.replace(/\W+/g, '-')}-${process.pid}.json`
  return { reporters: ['default', 'json'], outputFile: { json: file } }
}

declare module 'vitest' {
  interface ProvidedContext {
    backend: string
    whole: boolean
  }
}
