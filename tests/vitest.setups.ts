import { defineConfig } from 'vitest/config'
import { reporting } from '../vitest.shared.ts'

/** The packed packages where people build: run by `pnpm setups`, which builds the packages first. */
export default defineConfig({
  test: {
    ...reporting('setups'),
    include: ['setups/*.test.ts'],
    globalSetup: ['packaging/pack.ts', 'setups/install.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxConcurrency: 2,
    // What one tool writes into the folder, Vite's server would take for a change of its pages.
    fileParallelism: false,
  },
})
