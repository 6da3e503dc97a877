import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Options } from 'tsup'

const own = process.cwd()

/** The declarations that the other packages were built to: to infer their sources' types anew in every package takes half of a build. */
const paths = Object.fromEntries(
  readdirSync(join(own, '..'))
    .map((name) => [name, join(own, '..', name)] as const)
    .filter(([, folder]) => folder !== own)
    .flatMap(([name, folder]) => [
      [`@sgm/${name}`, [join(folder, 'dist/index.d.ts')]],
      [`@sgm/${name}/*`, [join(folder, 'dist/*.d.ts')]],
    ]),
)

/**
 * Of CommonJS: what is loaded late is required too. Node reads CommonJS that is imported twice, once for the names that it exports, and has a second
 * copy of what is an ES module too.
 */
export const requiring = { 'dynamic-import': false }

/** How every package is built: ESM and CommonJS, their declarations, source maps. */
export function library({ dts, ...options }: Options & { readonly dts?: object } = {}) {
  return defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: { compilerOptions: { paths }, ...dts },
    sourcemap: true,
    clean: true,
    target: 'es2022',
    treeshake: true,
    plugins: [visibleRequires],
    ...options,
  })
}

type Plugin = NonNullable<Options['plugins']>[number]

/** Bundlers do not see what the helper requires that esbuild writes. */
const visibleRequires: Plugin = {
  name: 'visible-requires',
  renderChunk(code, { map }) {
    if (this.format !== 'cjs') return undefined
    return { code: code.replaceAll(/\b__require\((?=")/g, 'require('), map: map ?? null }
  },
}
