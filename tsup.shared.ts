import { defineConfig, type Options } from 'tsup'

/** How every package is built: ESM and CommonJS, their declarations, source maps. */
export function library(options: Options = {}) {
  return defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: true,
    target: 'es2022',
    treeshake: true,
    ...options,
  })
}
