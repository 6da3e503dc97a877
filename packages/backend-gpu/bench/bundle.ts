import { cp, rm, writeFile } from 'node:fs/promises'
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
  entry: {
    'index.bench': join(import.meta.dirname, 'index.bench.ts'),
    'peers/jax-js': join(import.meta.dirname, 'peers/jax-js.ts'),
    'peers/onnxruntime': join(import.meta.dirname, 'peers/onnxruntime.ts'),
  },
  outDir: folder,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  noExternal: [/^(?!webgpu$|onnxruntime)/],
  external: ['webgpu', /^onnxruntime/],
  splitting: true,
  silent: true,
  // Parts of tfjs ask for modules of Node by name.
  banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
})
const require = createRequire(import.meta.url)
/** Takes files of a package along as they are. */
async function take(name: string, home: string, files: readonly string[]): Promise<void> {
  for (const file of files)
    await cp(join(home, file), join(folder, 'node_modules', name, file), { recursive: true })
}
const [webgpu, ort] = [
  dirname(require.resolve('webgpu')),
  dirname(dirname(require.resolve('onnxruntime-web'))),
]
await take('webgpu', webgpu, ['index.js', 'package.json', 'LICENSE.md', join('dist', platform)])
const runtime = [
  'ort.webgpu.bundle.min.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
]
await take('onnxruntime-web', ort, ['package.json', ...runtime.map((file) => join('dist', file))])
await cp(join(import.meta.dirname, 'peers/torch_cuda.py'), join(folder, 'peers/torch_cuda.py'))
await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
console.log(`${folder}: copy it to a machine of ${platform} with Node, then: node index.bench.js`)
