import { backendSuite } from '../../vitest.shared.ts'

/** Files, locks and what is built: they start processes of their own, or need no engine. */
const once = ['src/backends/built.node.test.ts', 'src/node/**']

export default backendSuite(undefined, undefined, once)
