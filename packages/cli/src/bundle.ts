import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'

/** The command as one file beside what it imports: to load its sources one by one takes most of a process that does little. */
export async function bundled(): Promise<string> {
  const outDir = fileURLToPath(new URL('../node_modules/.cache/command', import.meta.url))
  await build({
    config: false,
    silent: true,
    entry: [fileURLToPath(new URL('bin.ts', import.meta.url))],
    outDir,
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    target: 'node20',
    noExternal: [/^@sgm\//],
    esbuildPlugins: [
      {
        name: 'libraries-where-they-are',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[a-z@]/ }, ({ path, importer }) =>
            path.startsWith('@sgm/')
              ? undefined
              : { path: import.meta.resolve(path, pathToFileURL(importer).href), external: true },
          ),
      },
    ],
  })
  return `${outDir}/bin.mjs`
}
