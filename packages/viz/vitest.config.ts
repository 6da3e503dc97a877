import { backendSuite } from '../../vitest.shared.ts'

// Tensors are read here, whatever made them, and nothing is computed on an engine.
export default backendSuite(undefined, ['wasm'])
