import { defineConfig } from 'vitest/config'
import { backendSuite } from '../vitest.shared.ts'

const { test } = backendSuite(['contracts/**/*.test.ts'])

export default defineConfig({
  test: {
    ...test,
    projects: [
      ...(test?.projects ?? []),
      {
        test: {
          name: 'repository',
          include: ['readme/**/*.test.ts', 'tools/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
