import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { build } from 'tsup'

/**
 * Puts the benchmark into a folder that needs nothing but Node: for a machine with a GPU and no registry.
 *
 *     pnpm --filter @sgm/backend-gpu bench:bundle FOLDER
 *     tar czf bench.tgz -C FOLDER .   # over there: tar xzf bench.tgz && node index.bench.js
 */
const [, , given] = process.argv
if (!given) throw new Error('bench:bundle: expected a folder to write to, got none')
const folder = resolve(process.env.INIT_CWD ?? '.', given)
const platform = `${process.platform}-${process.arch}`

await rm(folder, { recursive: true, force: true })
await build({
  config: false,
  entry: [join(import.meta.dirname, 'index.bench.ts')],
  outDir: folder,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  noExternal: [/^(?!webgpu$)/],
  external: ['webgpu'],
  splitting: true,
  silent: true,
  // Parts of tfjs ask for modules of Node by name.
  banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
})
const webgpu = dirname(createRequire(import.meta.url).resolve('webgpu'))
const there = join(folder, 'node_modules/webgpu')
await mkdir(join(there, 'dist'), { recursive: true })
for (const name of ['index.js', 'package.json', 'LICENSE.md', join('dist', platform)])
  await cp(join(webgpu, name), join(there, name), { recursive: true })
await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
console.log(`${folder}: copy it to a machine of ${platform} with Node, then: node index.bench.js`)
