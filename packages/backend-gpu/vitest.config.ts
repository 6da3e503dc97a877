import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { useSoftwareGpu } from '../../software-gpu.shared.ts'
import { backendSuite, firstDerivatives } from '../../vitest.shared.ts'

useSoftwareGpu()

const { test } = backendSuite(['src/**/*.test.ts', 'bench/**/*.test.ts'], ['wasm'])

/** The op cases of the tensor package, on eager tensors of the GPU. */
const eager = {
  root: join(import.meta.dirname, '../tensor'),
  test: {
    name: 'webgpu',
    include: ['src/ops/{contract,edges,special}.test.ts'],
    testNamePattern: firstDerivatives,
    setupFiles: [join(import.meta.dirname, 'vitest.setup.ts')],
    provide: { backend: 'webgpu' },
    testTimeout: 120_000,
  },
}

export default defineConfig({ test: { ...test, projects: [...(test?.projects ?? []), eager] } })
