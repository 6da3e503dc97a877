import { backendSuite } from '../../vitest.shared.ts'

export default backendSuite(['src/**/*.test.ts', 'bench/**/*.test.ts'])
