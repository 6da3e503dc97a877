import { test } from 'vitest'
import { executorContract } from '../testing'
import { reference } from '.'

test.each(executorContract(reference()).map(({ name, run }) => [name, run] as const))('%s', (_, run) => run())
