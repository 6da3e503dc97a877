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
    ...options,
  })
}
