/** What `pnpm new` makes and `pnpm generate` lists. */
export interface Kind {
  /** Sources, one extension a file, seen from the repository's root. */
  readonly folder: string
  /** Pages, one a source file of the same name, under docs/docs and its translations. */
  readonly pages: string
}

export const kinds = {
  sampler: { folder: 'packages/samplers/src/samplers', pages: 'samplers' },
  sde: { folder: 'packages/sde/src/processes', pages: 'processes' },
  loss: { folder: 'packages/losses/src/objectives', pages: 'losses' },
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof kinds

export const docsFolders = {
  en: 'docs/docs',
  ko: 'docs/i18n/ko/docusaurus-plugin-content-docs/current',
} as const

export type Locale = keyof typeof docsFolders

/** `dpm-solver` → `dpmSolver`: the factory that a file exports. */
export const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** `warmUp` → `warm-up`. */
export const kebabCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
