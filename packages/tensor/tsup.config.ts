import { copyFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { library, requiring } from '../../tsup.shared.ts'

export default library({
  entry: [
    'src/check.ts',
    'src/compile.ts',
    'src/index.ts',
    'src/node.ts',
    'src/testing.ts',
    // Nobody imports these by name: as entries they become chunks of their own, and pages leave out those that they do not use.
    'src/autodiff/index.ts',
    'src/memory.ts',
    'src/ops/index.ts',
    'src/random/index.ts',
  ],
  splitting: true,
  // An entry imports no chunk for its side effects: those are in index.ts alone.
  treeshake: { moduleSideEffects: 'no-external' },
  // The contract is about the package that its user has loaded.
  external: ['@sgm/tensor'],
  esbuildOptions(options, { format }) {
    if (format !== 'cjs') return
    // CommonJS has no address that bundlers would know: what would be written for it there requires Node.
    options.define = { ...options.define, 'import.meta.url': 'undefined' }
    options.supported = { ...options.supported, ...requiring }
  },
  onSuccess: copyWasm,
})

/** tfjs's WASM files, beside the modules that name them by `new URL('./…', import.meta.url)`. */
async function copyWasm(): Promise<void> {
  const from = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  const names = (await readdir(from)).filter((name) => name.endsWith('.wasm'))
  await Promise.all(names.map((name) => copyFile(join(from, name), join(import.meta.dirname, 'dist', name))))
}
