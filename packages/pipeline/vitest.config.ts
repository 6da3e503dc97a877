import { backendSuite } from '../../vitest.shared.ts'

// ONNX Runtime computes all but the steps of the samplers, which have tests of their own on every engine.
export default backendSuite(undefined, ['wasm'])
