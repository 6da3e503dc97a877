import { executorContract } from '@sgm/tensor/testing'
import { test } from 'vitest'
import { onnx } from './index'

const checks = executorContract(onnx({ threads: 1 }))

test.each(checks.map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
