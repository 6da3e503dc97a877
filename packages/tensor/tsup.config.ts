import { library } from '../../tsup.shared.ts'

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
})
