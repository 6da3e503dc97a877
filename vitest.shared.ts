import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const setup = fileURLToPath(new URL('./vitest.setup.ts', import.meta.url))

/**
 * The one vitest configuration of every package: each suite runs once per backend named in SGM_BACKENDS
 * (default `cpu,wasm`).
 */
export function backendSuite(backends = (process.env.SGM_BACKENDS ?? 'cpu,wasm').split(',')) {
  return defineConfig({
    test: {
      maxWorkers: 2,
      testTimeout: 120_000,
      projects: backends.map((backend) => ({
        test: {
          name: backend,
          include: ['src/**/*.test.ts', '*.test.ts'],
          setupFiles: [setup],
          provide: { backend },
          testTimeout: 120_000,
        },
      })),
    },
  })
}

declare module 'vitest' {
  interface ProvidedContext {
    backend: string
  }
}
