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
          name: 'readme',
          include: ['readme/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
