import { gaussianMixture } from '@sgm/score'
import { edm, ve, vp } from '@sgm/sde'
import { dispose, type Key, key, type Shape, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import kDiffusion from '../fixtures/k-diffusion.json'
import reference from '../fixtures/peers.json'
import { logLikelihood } from './likelihood'
import { trajectory } from './run'
import { ddim } from './samplers/ddim'
import { deis } from './samplers/deis'
import { dpmSolver } from './samplers/dpm-solver'
import { dpmSolverPlusPlus } from './samplers/dpm-solver-plus-plus'
import { dpmSolverPlusPlus2s } from './samplers/dpm-solver-plus-plus-2s'
import { edmHeun } from './samplers/edm-heun'
import { odeEuler } from './samplers/ode-euler'
import { odeHeun } from './samplers/ode-heun'
import { odeRk45 } from './samplers/ode-rk45'
import { uniPc } from './samplers/uni-pc'
import type { Sampler } from './types'

const { mixture, runs, flows, likelihoods } = reference
const processes = { vp: vp(), ve: ve({ sigmaMax: 20 }), edm: edm() }
const problemOf = (name: keyof typeof processes) => {
  const process = processes[name]
  return { process, ...gaussianMixture(mixture).diffused(process) }
}

const factories: Record<string, (...options: string[]) => unknown> = {
  ddim: () => ddim(),
  deis: (order, variable) => deis({ order: Number(order), variable: variable as 'logSnr' }),
  dpmSolver: (order) => dpmSolver({ order: Number(order) }),
  dpmSolverPlusPlus: (order) => dpmSolverPlusPlus({ order: Number(order) }),
  edmHeun: () => edmHeun(),
  odeEuler: () => odeEuler(),
  odeHeun: () => odeHeun(),
  uniPc: (order, variant) => uniPc({ order: Number(order), variant: variant as 'linear' }),
}

describe('the schedulers of diffusers', () => {
  it.each(runs)('give what $name gives over $process, step by step', async (run) => {
    const [factory, ...options] = run.name.split(' ') as [string, ...string[]]
    const sampler = factories[factory]!(...options) as Sampler
    const x = tensor(run.states[0]!, [run.states[0]!.length / 2, 2])
    const visited = trajectory(problemOf(run.process as 'vp'), sampler, {
      key: key(0),
      x,
      times: run.times,
      denoise: 'none',
    })
    for await (const point of visited) {
      const wanted = run.states[point.index]!
      const scale = Math.max(1, ...wanted.map(Math.abs))
      const off = Array.from(await point.x.data(), (v, i) => Math.abs(v - wanted[i]!) / scale)
      expect(Math.max(...off)).toBeLessThan(1e-4)
    }
    dispose(x)
  })
})

const stochastic: Record<string, () => unknown> = {
  '2s ancestral': () => dpmSolverPlusPlus2s(),
  '2s sde': () => dpmSolverPlusPlus2s({ variant: 'sde' }),
  '2m midpoint': () => dpmSolverPlusPlus({ stochastic: true }),
  '2m heun': () => dpmSolverPlusPlus({ stochastic: true, variant: 'heun' }),
  '3m': () => dpmSolverPlusPlus({ stochastic: true, order: 3 }),
}

describe('the stochastic samplers of k-diffusion', () => {
  it.each(kDiffusion.runs)('give what $name gives for the same noise', async (run) => {
    const x = tensor(run.states[0]!, [run.states[0]!.length / 2, 2])
    const noises = run.noises.values()
    const drawn = new Map<string, number[]>()
    const normal = ({ words }: Key, shape: Shape) => {
      const name = words.join()
      // at the last step, to where no noise is left, what is drawn has no effect
      if (!drawn.has(name)) drawn.set(name, noises.next().value ?? run.states[0]!.map(() => 0))
      return tensor(drawn.get(name)!, shape)
    }
    const visited = trajectory(problemOf('edm'), stochastic[run.name]!() as Sampler, {
      key: key(0),
      x,
      times: run.times,
      denoise: 'none',
      normal,
    })
    for await (const point of visited) {
      const wanted = run.states[point.index]!
      const scale = Math.max(1, ...wanted.map(Math.abs))
      const off = Array.from(await point.x.data(), (v, i) => Math.abs(v - wanted[i]!) / scale)
      expect(Math.max(...off)).toBeLessThan(1e-4)
    }
    dispose(x)
  })
})

async function solve({ process, start }: (typeof flows)[number], tolerance: number) {
  const sampler = odeRk45({ tolerance })
  const x = tensor([start])
  let end = { values: [] as number[], evaluations: 0 }
  for await (const point of trajectory(problemOf(process as 'vp'), sampler, { key: key(0), x, end: 0.001 })) {
    end = { values: Array.from(await point.x.data()), evaluations: point.evaluations }
  }
  dispose(x)
  return end
}

describe('the RK45 of SciPy', () => {
  it.each(flows)('ends where odeRk45 does over $process from $start', async (flow) => {
    const { values } = await solve(flow, 3e-6)
    for (const [i, v] of values.entries()) expect(Math.abs(v - flow.end[i]!)).toBeLessThan(1e-4)
  })

  it.each(flows)('takes the same evaluations over $process from $start', async (flow) => {
    for (const { tolerance, count } of flow.evaluations) {
      const { evaluations } = await solve(flow, tolerance)
      // at 1e-5 float32 rounding is some percent of the error: a step more or less
      expect(Math.abs(evaluations - count)).toBeLessThanOrEqual(tolerance < 1e-4 ? 6 : 0)
    }
  })

  it.each(['vp', 've'] as const)('finds the same log-likelihoods over %s', async (process) => {
    const cases = likelihoods.filter((likelihood) => likelihood.process === process)
    const x = tensor(cases.map((likelihood) => likelihood.x))
    const found = await logLikelihood(problemOf(process), x)
    const values = await found.logDensity.data()
    for (const [i, { logDensity }] of cases.entries()) {
      expect(Math.abs(values[i]! / logDensity - 1)).toBeLessThan(1e-4)
    }
    dispose([x, found])
  })
})
