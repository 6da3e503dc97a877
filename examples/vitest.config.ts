import { backendSuite } from '../vitest.shared.ts'

// The packages' own suites cover the other engines.
export default backendSuite(['src/**/*.test.ts'], ['wasm'])
