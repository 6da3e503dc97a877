import { defineConfig } from 'vitest/config'
import { useSoftwareGpu } from '../software-gpu.shared.ts'
import { reporting } from '../vitest.shared.ts'

useSoftwareGpu()

/** What is published: run by `pnpm packaging`, which builds the packages first. */
export default defineConfig({
  test: {
    ...reporting('packaging'),
    include: ['packaging/**/*.test.ts'],
    globalSetup: ['packaging/pack.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxConcurrency: 2,
    maxWorkers: 2,
  },
})
