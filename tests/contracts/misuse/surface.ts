import { packages } from '../../workspace.ts'

/** Anything that can be called. */
export type Callable = (...given: unknown[]) => unknown

/** A function as users import it. */
export interface Exported {
  /** The module's name. */
  readonly from: string
  readonly name: string
  readonly call: Callable
}

/** Every function that a package exports, under whichever of its entry points. */
export async function surface(): Promise<readonly Exported[]> {
  const found: Exported[] = []
  for (const { name: pkg, manifest } of packages) {
    for (const entry of Object.keys(manifest.exports)) {
      const from = pkg + entry.slice(1)
      const module: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ from)
      for (const [name, value] of Object.entries(module)) {
        if (typeof value === 'function') found.push({ from, name, call: value as Callable })
      }
    }
  }
  return found
}
