/// <reference path="../../../vitest.shared.ts" />
import { executorContract } from '@sgm/tensor/testing'
import { inject, test } from 'vitest'
import { onnx } from './index'

const checks = executorContract(onnx({ threads: 1 }))

// What is compiled is the same whatever computes what it is compared with.
const once = test.runIf(inject('backend') === 'wasm')
once.each(checks.map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
