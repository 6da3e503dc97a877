import { defineConfig } from 'vitest/config'
import { reporting } from '../vitest.shared.ts'

/** The site's live demos, on the built site: run by `pnpm demos`, which builds the site first. */
export default defineConfig({
  test: {
    ...reporting('demos'),
    include: ['demos/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    maxConcurrency: 2,
  },
})
