import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A tool of the project in `folder`, as its own version. */
export async function tool<T>(folder: string, name: string): Promise<T> {
  const path = createRequire(join(folder, 'package.json')).resolve(name)
  const module = await import(/* @vite-ignore */ pathToFileURL(path).href)
  return module.default ?? module
}

/** The part of esbuild that the suites use. */
export interface Esbuild {
  build(options: object): Promise<{ warnings: unknown[] }>
  /** Ends the process that builds. */
  stop(): Promise<void>
}
