import { defineConfig } from 'vitest/config'
import { useSoftwareGpu } from '../software-gpu.shared.ts'
import { backendSuite } from '../vitest.shared.ts'

useSoftwareGpu()

const { test } = backendSuite(['contracts/**/*.test.ts'])
const once = (name: string) => ({
  test: { name, include: [`${name}/**/*.test.ts`], testTimeout: 240_000, hookTimeout: 120_000 },
})

/** What of the contracts does not take a GPU in software minutes, on eager tensors of WebGPU: the samplers left out take hundreds of steps. */
const webgpu = {
  test: {
    name: 'webgpu',
    include: ['contracts/{samplers,losses,networks}.test.ts'],
    testNamePattern:
      /^(?!'(adaptive-sde|annealed-langevin)').*(any batch size|finite differences|alone and evaluates)|^mlp compiled/,
    setupFiles: ['contracts/webgpu.setup.ts'],
    provide: { backend: 'webgpu' },
    testTimeout: 120_000,
  },
}

export default defineConfig({
  test: { ...test, projects: [...(test?.projects ?? []), webgpu, once('readme'), once('tools')] },
})
