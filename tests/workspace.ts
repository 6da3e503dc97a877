import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** pnpm, as the workspace pins it: what `npx` runs. */
export const manager: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager

/** A package that is published. */
export interface Package {
  readonly name: string
  readonly folder: string
  readonly manifest: Manifest
}

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly sideEffects?: unknown
  readonly engines?: { readonly node?: string }
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> }
}

/** Every published package of the workspace. */
export const packages: readonly Package[] = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map((folder) => ({ folder, manifest: readManifest(folder) }))
  .filter(({ manifest }) => !manifest.private)
  .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }))

/** The first TypeScript block of a package's README: its example. */
export function example({ folder }: Package): string | undefined {
  const path = join(folder, 'README.md')
  return existsSync(path) ? /```ts\n([\s\S]*?)```/.exec(readFileSync(path, 'utf8'))?.[1] : undefined
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
