import { executorContract } from '@sgm/tensor/testing'
import { afterAll, test } from 'vitest'
import { openGpu } from './index'

const gpu = await openGpu()

afterAll(() => gpu.close())

const checks = executorContract(gpu.executor(), { graphs: 20 })

test.each(checks.map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
