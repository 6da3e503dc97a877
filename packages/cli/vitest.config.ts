import { useSoftwareGpu } from '../../software-gpu.shared.ts'
import { backendSuite } from '../../vitest.shared.ts'

useSoftwareGpu()

// What the command computes on.
export default backendSuite(['src/**/*.test.ts'], ['wasm'])
