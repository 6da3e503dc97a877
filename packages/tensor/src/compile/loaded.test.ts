import { expect, it } from 'vitest'
import { mul } from '../ops'
import { tensor } from '../ops/create'
import { expectNoLeaks } from '../testing'
import type { Tensor } from '../types'
import { compile } from './compile'
import type { Executor } from './executor'

const twice = (x: Tensor): Tensor => mul(x, 2)

/** An executor whose programs run so. */
const running = (run: unknown): unknown => {
  const nothing = async (): Promise<void> => {}
  return async () => ({ run, readVariables: nothing, writeVariables: nothing, dispose: nothing })
}

it.each<[what: string, load: unknown, message: string]>([
  [
    'loads nothing',
    () => null,
    'what executor.load gives to have run, readVariables, writeVariables, dispose, got null',
  ],
  [
    'loads half of what is asked',
    async () => ({ run: () => [] }),
    'what executor.load gives to have run, readVariables',
  ],
  ['gives nothing', running(async () => null), 'what the executor gives to be an array, got null'],
  ['gives too little', running(async () => []), '1 outputs of the executor, got 0'],
  ['gives numbers', running(async () => [1]), 'output 0 of the executor to be a tensor, got 1'],
])('an executor that %s is named', async (_, load, message) => {
  const executor = { name: 'mine', load } as Executor
  await expectNoLeaks(async () => {
    const x = tensor([1, 2])
    const compiled = compile(twice, { executor })
    await expect(compiled(x)).rejects.toThrow(`compile: expected ${message}`)
    await compiled.dispose()
    x.dispose()
  })
})
