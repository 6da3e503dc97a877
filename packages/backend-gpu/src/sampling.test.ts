import {
  eulerMaruyama,
  mala,
  odeRk45,
  predictorCorrector,
  type RunOptions,
  type Sampler,
  sample,
} from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { type Compiled, compile, key, type Tensor, useBackend } from '@sgm/tensor'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Gpu, openGpu } from './index'

const process = vp()
const exact = gaussianMixture().diffused(process)
const [steps, shape] = [12, [16, 2]]

let gpu: Gpu
let score: Compiled<[Tensor, Tensor], Tensor>
let logDensity: Compiled<[Tensor, Tensor], Tensor>

beforeAll(async () => {
  gpu = await openGpu()
  score = compile((x: Tensor, t: Tensor) => exact.score(x, t), { executor: gpu.executor() })
  logDensity = compile((x: Tensor, t: Tensor) => exact.logDensity(x, t), { executor: gpu.executor() })
})

afterAll(async () => {
  await useBackend('wasm')
  await score.dispose()
  await logDensity.dispose()
  gpu.close()
})

/** A run on the GPU: its samples, what the last step reported and how often the host read from the device. */
async function run(sampler: Sampler, options: Partial<RunOptions> = {}) {
  await useBackend('webgpu')
  const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
  let iterations = 0
  const x = await sample({ process, score, logDensity }, sampler, {
    key: key(5),
    shape,
    steps,
    denoise: 'none',
    finite: false,
    onProgress: ({ stats }) => {
      iterations += stats.iterations ?? 0
    },
    ...options,
  })
  const reads = read.mock.calls.length
  read.mockRestore()
  return { values: await x.data(), reads, iterations }
}

describe('a sampling loop', () => {
  test.each([
    ['Euler–Maruyama', eulerMaruyama()],
    ['predictor–corrector', predictorCorrector()],
  ] as const)('of %s reads nothing, and ends where it ends elsewhere', async (_, sampler) => {
    const { values, reads } = await run(sampler)
    expect(reads).toBe(0)
    await useBackend('wasm')
    const options = { key: key(5), shape, steps, denoise: 'none' } as const
    const wanted = await (await sample({ process, ...exact }, sampler, options)).data()
    for (const [i, value] of values.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(5e-3)
  })

  test('reads one number a step where it looks whether x is finite', async () => {
    const { reads } = await run(eulerMaruyama(), { finite: true })
    // The start is looked at too.
    expect(reads).toBe(steps + 1)
  })

  test('of the adaptive ODE reads the errors of a step at once', async () => {
    const { reads, iterations } = await run(odeRk45({ tolerance: { relative: 1e-2, absolute: 1e-5 } }), {
      steps: 1,
    })
    expect(iterations).toBeGreaterThan(3)
    // The first step's length takes three reads.
    expect(reads).toBe(iterations + 3)
  })

  test('of a Metropolis chain reads the share that was accepted', async () => {
    const { reads } = await run(mala())
    expect(reads).toBe(steps)
  })
})

test('two devices work at once', async () => {
  const other = await openGpu()
  await useBackend('wasm')
  const there = compile((x: Tensor, t: Tensor) => exact.score(x, t), { executor: other.executor() })
  const start = () => sample({ process, score: there }, eulerMaruyama(), { key: key(5), shape, steps })
  const here = sample({ process, score }, eulerMaruyama(), { key: key(5), shape, steps })
  const [a, b] = await Promise.all([here, start()])
  expect([...(await a.data())]).toEqual([...(await b.data())])
  await there.dispose()
  expect(other.usage).toMatchObject({ buffers: 0, bytes: 0 })
  other.close()
})
