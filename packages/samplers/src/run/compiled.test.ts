import { gaussianMixture } from '@sgm/score'
import { subVp, ve, vp } from '@sgm/sde'
import { dispose, key, type Tensor } from '@sgm/tensor'
import { reference } from '@sgm/tensor/compile'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, test } from 'vitest'
import * as samplers from '../samplers'
import type { Sampler } from '../types'
import type { RunOptions } from './plan'
import { sample } from './trajectory'

const process = vp()
const problem = { process, ...gaussianMixture().diffused(process) }
const options = { key: key(3), shape: [5, 2], steps: 4 } as const

/** The samples of a run, and how many programs it loaded. */
async function run(sampler: Sampler, more: Partial<RunOptions> = {}) {
  let loaded = 0
  const executor = reference()
  const counting = { ...executor, load: (...args: Parameters<typeof executor.load>) => (loaded++, executor.load(...args)) }
  const ends: number[][] = []
  for (const compile of [undefined, counting]) {
    const x = await sample(problem, sampler, { ...options, ...more, ...(compile && { compile }) })
    ends.push(Array.from(await x.data()))
    dispose(x)
  }
  const [plain, compiled] = ends
  const error = Math.max(...plain!.map((value, i) => Math.abs(value - compiled![i]!)))
  return { error, loaded }
}

describe('compiled steps', () => {
  test.each([
    ['eulerMaruyama', samplers.eulerMaruyama(), 2],
    ['odeRk45', samplers.odeRk45(), 2],
    ['adaptiveSde', samplers.adaptiveSde(), 2],
    ['predictorCorrector', samplers.predictorCorrector(), 2],
    ['uniPc', samplers.uniPc(), 2],
    ['mala', samplers.mala(), 2],
    ['annealed', samplers.annealedLangevin(), 2],
  ] as const)('%s', async (_, sampler, programs) => {
    const { error, loaded } = await run(sampler)
    console.log(_, error, loaded)
    expect(error).toBeLessThan(1e-5)
  })
})
