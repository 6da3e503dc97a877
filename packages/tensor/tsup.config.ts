import { library } from '../../tsup.shared.ts'

export default library({
  entry: ['src/check.ts', 'src/compile.ts', 'src/index.ts', 'src/testing.ts'],
  splitting: true,
  // The contract is about the package that its user has loaded.
  external: ['@sgm/tensor'],
})
