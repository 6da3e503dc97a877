import { backendSuite } from '../../vitest.shared'

export default backendSuite()
