import { defineConfig } from 'vitest/config'
import { useSoftwareGpu } from '../software-gpu.shared.ts'
import { backendSuite } from '../vitest.shared.ts'

useSoftwareGpu()

const { test } = backendSuite(['contracts/**/*.test.ts'])
const once = (name: string) => ({
  test: { name, include: [`${name}/**/*.test.ts`], testTimeout: 240_000, hookTimeout: 120_000 },
})

export default defineConfig({
  test: { ...test, projects: [...(test?.projects ?? []), once('readme'), once('tools')] },
})
