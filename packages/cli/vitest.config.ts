import { backendSuite } from '../../vitest.shared.ts'

export default backendSuite()
