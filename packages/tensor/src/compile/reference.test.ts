/// <reference path="../../../../vitest.shared.ts" />
import { inject, test } from 'vitest'
import { beyondGlsl } from '../ops/contract/special/digits'
import { executorContract } from '../testing'
import { reference } from '.'

// Constants are folded by eager code.
const webgl = inject('backend') === 'webgl'
const checks = executorContract(reference(), { integerBits: webgl ? 24 : 32 }).filter(
  ({ name }) => !(webgl && beyondGlsl.includes(name)),
)
test.each(checks.map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
