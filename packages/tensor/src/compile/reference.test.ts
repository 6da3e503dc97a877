/// <reference path="../../../../vitest.shared.ts" />
import { inject, test } from 'vitest'
import { executorContract } from '../testing'
import { reference } from '.'

// Constants are folded by eager code.
const integerBits = inject('backend') === 'webgl' ? 24 : 32
test.each(executorContract(reference(), { integerBits }).map(({ name, run }) => [name, run] as const))(
  '%s',
  (_, run) => run(),
)
