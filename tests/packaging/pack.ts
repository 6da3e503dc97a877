import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { manager, packages, root } from '../workspace.ts'

/** Packs every package once, as it would be published, for all the suites. */
export default function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'sgm-packed-'))
  const pnpm = process.env.npm_execpath?.includes('pnpm') ? process.env.npm_execpath : undefined
  const [command, ...first] = pnpm ? ([process.execPath, pnpm] as const) : (['npx', '-y', manager] as const)
  const wanted = packages.flatMap(({ name }) => ['--filter', name])
  const pack = ['--recursive', ...wanted, 'pack', '--pack-destination', folder, '--json']
  const text = execFileSync(command, [...first, ...pack], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const packed = JSON.parse(text) as { name: string; filename: string }[]
  project.provide(
    'tarballs',
    packed.map(({ name, filename }) => ({ name, path: filename })),
  )
  return () => rmSync(folder, { recursive: true })
}

declare module 'vitest' {
  interface ProvidedContext {
    tarballs: { readonly name: string; readonly path: string }[]
  }
}
