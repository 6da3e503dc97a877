import { type ExecutorCheck, executorContract } from '@sgm/tensor/testing'
import { afterAll, inject, test } from 'vitest'
import { openGpu } from './index'

const gpu = await openGpu()

afterAll(() => gpu.close())

const checks = executorContract(gpu.executor(), { graphs: 20 })

const kindOf = ({ name }: ExecutorCheck): string => name.replace(/[,\d].*/, '')

/** In a page, the first check of each op and each kind: its kernels are compiled by what compiles them in Node. */
const here =
  typeof window === 'undefined' || inject('whole')
    ? checks
    : checks.filter((one, i) => checks.findIndex((other) => kindOf(other) === kindOf(one)) === i)

test.each(here.map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
