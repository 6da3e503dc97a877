import { defineConfig } from 'vitest/config'

/** The tools of the repository: they need no backend and run once. */
export default defineConfig({ test: { include: ['tools/**/*.test.ts'], testTimeout: 240_000 } })
