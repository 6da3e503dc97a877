import { backendSuite } from '../../vitest.shared.ts'

// What is traced, compiled and run by ONNX Runtime does not depend on the engine of eager tensors.
export default backendSuite(['src/**/*.test.ts', 'bench/**/*.test.ts'], ['wasm'])
