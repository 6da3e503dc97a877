import { backendSuite } from '../../vitest.shared.ts'

// What the command computes on.
export default backendSuite(['src/**/*.test.ts'], ['wasm'])
