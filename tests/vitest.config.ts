import { defineConfig } from 'vitest/config'
import { useSoftwareGpu } from '../software-gpu.shared.ts'
import { backendSuite, whole } from '../vitest.shared.ts'
import { inNode } from './contracts/on-webgpu.ts'

useSoftwareGpu()

const { test } = backendSuite(['contracts/**/*.test.ts'])
const once = (name: string) => ({
  test: { name, include: [`${name}/**/*.test.ts`], testTimeout: 240_000, hookTimeout: 120_000 },
})

/** The contracts on eager tensors of WebGPU. */
const webgpu = {
  test: {
    name: 'webgpu',
    include: ['contracts/{samplers,losses,networks}.test.ts'],
    ...(!whole && { testNamePattern: inNode }),
    setupFiles: ['contracts/webgpu.setup.ts'],
    provide: { backend: 'webgpu' },
    testTimeout: 120_000,
  },
}

export default defineConfig({
  test: { ...test, projects: [...(test?.projects ?? []), webgpu, once('readme'), once('tools')] },
})
