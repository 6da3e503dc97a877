import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packages, root } from '../workspace.ts'

/** Packs every package once, as it would be published, for all the suites. */
export default function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'sgm-packed-'))
  const pnpm = process.env.npm_execpath?.includes('pnpm') ? process.env.npm_execpath : undefined
  const pack = ['pack', '--pack-destination', folder, '--json']
  const tarballs = packages.map(({ name, folder: cwd }) => {
    const options = { cwd, encoding: 'utf8' as const }
    const text = pnpm
      ? execFileSync(process.execPath, [pnpm, ...pack], options)
      : execFileSync('npx', ['-y', manager(), ...pack], options)
    return { name, path: JSON.parse(text).filename as string }
  })
  project.provide('tarballs', tarballs)
  return () => rmSync(folder, { recursive: true })
}

function manager(): string {
  const text = execFileSync('npm', ['pkg', 'get', 'packageManager'], { cwd: root, encoding: 'utf8' })
  return JSON.parse(text) as string
}

declare module 'vitest' {
  interface ProvidedContext {
    tarballs: { readonly name: string; readonly path: string }[]
  }
}
