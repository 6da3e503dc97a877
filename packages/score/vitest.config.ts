import { backendSuite } from '../../vitest.shared.ts'

/** Which network fits what: the networks themselves are tested on every engine. */
const once = ['src/network-presets.test.ts']

export default backendSuite(undefined, undefined, once)
