import { library } from '../../tsup.shared.ts'

export default library({
  entry: ['src/check.ts', 'src/index.ts', 'src/testing.ts'],
  // The contract is about the package that its user has loaded.
  external: ['@sgm/tensor'],
})
