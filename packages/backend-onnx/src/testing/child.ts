import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What runs in a Node of its own. */
export interface Child {
  /** A module of TypeScript in `fixtures`. */
  readonly module: string
  /** Whether it runs in a worker thread. @default false */
  readonly worker?: boolean
  /** Options of Node. */
  readonly flags?: readonly string[]
  /** The whole environment. */
  readonly env?: Record<string, string>
}

/** Runs a module and gives what it prints. */
export async function inChild({ module, worker = false, flags = [], env }: Child) {
  const here = new URL('../../fixtures/', import.meta.url).href
  const load = `import('tsx/esm/api').then(({ tsImport }) => tsImport('./${module}', '${here}'))`
  const code = worker
    ? `new (require('node:worker_threads').Worker)(${JSON.stringify(load)}, { eval: true })`
    : load
  return promisify(execFile)(process.execPath, [...flags, '--eval', code], {
    cwd: fileURLToPath(here),
    env: { TSX_DISABLE_CACHE: '1', ...env } as NodeJS.ProcessEnv,
  })
}
