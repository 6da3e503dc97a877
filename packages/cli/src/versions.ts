import manifest from '../package.json' with { type: 'json' }

/** The versions that a run is made with. */
export function versions(): Readonly<Record<string, string>> {
  return { sgm: manifest.version, node: process.version }
}
