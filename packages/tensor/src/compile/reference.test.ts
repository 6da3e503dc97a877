/// <reference path="../../../../vitest.shared.ts" />
import { inject, test } from 'vitest'
import { executorContract } from '../testing'
import { reference } from '.'

// It folds constants by eager code, and is otherwise the same on every backend.
const checks = executorContract(reference())
const once = test.runIf(inject('backend') === 'wasm')
once.each(checks.map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
