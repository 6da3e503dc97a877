import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { expectResult } from './expected.ts'
import { output } from './run.ts'

const folder = inject('folder')

/** The binary that npm brings for this platform, which its package's install script would link. */
function binary(name: string, platforms: readonly string[], file: string): string {
  const require = createRequire(realpathSync(join(folder, 'node_modules', name, 'package.json')))
  for (const platform of platforms) {
    try {
      return join(require.resolve(`${platform}/package.json`), '..', file)
    } catch {}
  }
  throw new Error(`${name}: expected one of ${platforms} to be installed`)
}

const runtimes = {
  'Node, ES modules': () => ['node', 'run.js'],
  'Node, CommonJS': () => ['node', 'cjs/run.js'],
  Deno: () => [
    binary('deno', ['@deno/linux-x64-glibc', '@deno/linux-arm64-glibc', '@deno/darwin-arm64'], 'deno'),
    ...['run', '--allow-all', '--quiet', '--node-modules-dir=manual', 'run.js'],
  ],
  Bun: () => [
    binary('bun', ['@oven/bun-linux-x64', '@oven/bun-linux-aarch64', '@oven/bun-darwin-aarch64'], 'bin/bun'),
    'run.js',
  ],
}

test.concurrent.each(Object.entries(runtimes))('%s', async (_, command) => {
  const [program, ...args] = command()
  const { stdout, stderr } = await output(program!, args, folder)
  expectResult(JSON.parse(stdout), 'wasm')
  expect(stderr).toBe('')
})
