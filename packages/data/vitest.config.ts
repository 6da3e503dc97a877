import { backendSuite } from '../../vitest.shared.ts'

/** Files are read by no engine. */
const once = ['src/formats/**']

export default backendSuite(undefined, undefined, once)
