import { join } from 'node:path'
import { library } from '../../tsup.shared.ts'
import { copyWasm } from './copy-wasm.ts'

export default library({
  entry: [
    'src/check.ts',
    'src/compile.ts',
    'src/index.ts',
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
  // CommonJS has no address that bundlers would know: what would be written for it there requires Node.
  esbuildOptions: (options, { format }) => {
    if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': 'undefined' }
  },
  onSuccess: () => copyWasm(join(import.meta.dirname, 'dist')),
})
