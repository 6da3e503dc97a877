/** What the bundler makes of a call that names files: it is made where tests are bundled, so that pages have the files too. */
declare global {
  interface ImportMeta {
    glob(
      patterns: readonly string[],
      options: { readonly query: '?raw'; readonly import: 'default'; readonly eager: true },
    ): Readonly<Record<string, string>>
  }
}

/** Texts by the names of their files. */
const named = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path.replace(/^.*\/|\.ts$/g, ''), text] as const),
  )

/** The source of each sampler, by the name of its file. */
export const samplerSources = named(
  import.meta.glob(['../../packages/samplers/src/samplers/*.ts', '!**/*.test.ts', '!**/index.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** The source of each loss, by the name of its file. */
export const lossSources = named(
  import.meta.glob(['../../packages/losses/src/objectives/*.ts', '!**/*.test.ts', '!**/index.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** What losses by slices share. */
export const sharedLossSources = named(
  import.meta.glob(['../../packages/losses/src/sliced-options.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** `dpmSolver` for `dpm-solver`. */
export const camelCase = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase())
