import { readdirSync, readFileSync } from 'node:fs'
import { fromOnnx, onnx } from '@sgm/backend-onnx'
import type { Loss } from '@sgm/losses'
import * as losses from '@sgm/losses'
import * as samplers from '@sgm/samplers'
import { type Sampler, sample } from '@sgm/samplers'
import * as score from '@sgm/score'
import { gaussian, mlp, type Network } from '@sgm/score'
import { ve, vp } from '@sgm/sde'
import { compile, dispose, foldIn, key, normal, type Tensor, tensor } from '@sgm/tensor'
import { adam, type Optimizer, sgd, type TrainOptions, train } from '@sgm/train'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { labelled } from './labelled.ts'

const executor = onnx({ threads: 1 })
const root = new URL('../../packages/', import.meta.url)
const camelCase = (name: string): string => name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase())
const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root))
    .filter((file) => /^[a-z0-9-]+\.ts$/.test(file) && !['index.ts', 'types.ts'].includes(file))
    .map((file) => file.replace('.ts', ''))

const target = gaussian({ mean: [0.4, -0.3] })
const model = mlp({ hidden: [16, 16] })

interface Run {
  readonly losses: readonly number[]
  readonly parameters: readonly number[]
}

/** What is trained: by default the small MLP, by SGD, on points. */
type Training = Pick<TrainOptions, 'loss'> & Partial<Pick<TrainOptions, 'model' | 'optimizer' | 'data'>>

async function tenSteps(training: Training, compiled: boolean): Promise<Run> {
  const run = train({
    model,
    optimizer: sgd(),
    data: (step) => target.sample(foldIn(key(1), step), 32),
    ...training,
    steps: 10,
    key: key(2),
    rate: 1e-2,
    clip: 1,
    ...(compiled && { compile: executor }),
  })
  const values: number[] = []
  for await (const step of run) values.push(step.loss)
  const tensors = [...Object.values(run.parameters), ...Object.values(run.ema)]
  const parameters = (await Promise.all(tensors.map(async (x) => [...(await x.data())]))).flat()
  run.dispose()
  return { losses: values, parameters }
}

/** @param room For parameters, relative to the largest. */
async function expectSameTraining(training: Training, room: number): Promise<void> {
  const eager = await tenSteps(training, false)
  const compiled = await tenSteps(training, true)
  const largest = Math.max(...eager.losses.map(Math.abs))
  for (const [i, value] of eager.losses.entries()) {
    expect(Math.abs(compiled.losses[i]! - value)).toBeLessThan(1e-4 * largest)
  }
  expect(eager.losses[9]).not.toBe(eager.losses[0])
  const scale = Math.max(...eager.parameters.map(Math.abs))
  for (const [i, value] of eager.parameters.entries()) {
    expect(Math.abs(compiled.parameters[i]! - value)).toBeLessThan(room * scale)
  }
}

// Rounding of the loss and its gradients, of the order of 1e-6 of their size, over ten steps.
describe.each(filesIn('losses/src/objectives/'))('training by %s', (file) => {
  it('takes the same ten steps compiled', async () => {
    const name = camelCase(file)
    const factory = (losses as unknown as Record<string, (options?: object) => Loss>)[name]!
    const loss = name === 'explicit' ? factory({ truth: target.score }) : factory()
    await expectSameTraining({ loss: name === 'noisyClassification' ? labelled(loss) : loss }, 1e-4)
  })
})

describe('optimisers', () => {
  const all: Record<string, readonly Optimizer[]> = {
    adam: [adam(), adam({ weightDecay: 0.1, beta1: 0.5 })],
    sgd: [sgd(), sgd({ momentum: 0.9 })],
  }

  it('are all here', () => {
    expect(Object.keys(all)).toEqual(filesIn('train/src/optimizers/'))
  })

  // Adam divides each gradient by its own size: one that is nearly zero moves its parameter by rounding alone.
  it.each(Object.entries(all).flatMap(([name, list]) => list.map((one) => [name, one] as const)))(
    '%s takes the same ten steps compiled',
    (_, optimizer) => expectSameTraining({ loss: losses.sdeDenoising(), optimizer }, 1e-3),
  )
})

/** Whether a function makes a network when it is asked for nothing in particular. */
function makesNetwork(factory: unknown): boolean {
  try {
    const made = (factory as () => Network | Promise<unknown>)()
    if (made instanceof Promise) made.catch(() => {})
    return 'init' in made && made.apply.length >= 3
  } catch {
    return false
  }
}

// Eager convolutions in plain JavaScript take ten times as long, and the operators' contract holds them to the same values.
describe.runIf(inject('backend') === 'wasm')('networks', () => {
  const unet = { size: 4, channels: 1, width: 4, multipliers: [1, 2], blocks: 1, attention: [2] }
  /** The published architectures, as small as they go. */
  const all: Record<string, { readonly network: Network; readonly shape: readonly number[] }> = {
    ddpm: { network: score.ddpm(unet), shape: [4, 4, 1] },
    ddpmpp: { network: score.ddpmpp(unet), shape: [4, 4, 1] },
    dit: {
      network: score.dit({ size: 4, channels: 1, width: 8, depth: 2, heads: 2 }),
      shape: [4, 4, 1],
    },
    mlp: { network: mlp({ hidden: [16], time: score.gaussianFourier() }), shape: [2] },
    ncsnpp: { network: score.ncsnpp(unet), shape: [4, 4, 1] },
    noiseClassifier: {
      network: score.noiseClassifier({ classes: 3, size: 4, width: 8, multipliers: [1, 2] }),
      shape: [4, 4, 1],
    },
    refineNet: { network: score.refineNet({ size: 4, channels: 1, width: 2 }), shape: [4, 4, 1] },
    tutorialUnet: {
      network: score.tutorialUnet({ size: 17, widths: [4, 8, 8, 8], groups: [2, 4], embedding: 8 }),
      shape: [17, 17, 1],
    },
  }

  it('are all here', () => {
    const factories = Object.entries(score as Record<string, unknown>).filter(([, made]) =>
      makesNetwork(made),
    )
    expect(Object.keys(all)).toEqual(factories.map(([name]) => name).sort())
  })

  it.each(Object.entries(all))('%s takes the same ten steps compiled', async (name, { network, shape }) => {
    const x = (step: number): Tensor => normal(foldIn(key(7), step), [3, ...shape])
    const labels = (): Tensor => tensor(Int32Array.of(0, 1, 2))
    const training: Training =
      name === 'noiseClassifier'
        ? { loss: losses.noisyClassification(), data: (step) => ({ x: x(step), condition: labels() }) }
        : { loss: losses.sdeDenoising(), data: x }
    await expectSameTraining({ model: network, ...training }, 1e-4)
  })
})

describe('compiled scores', () => {
  const process = vp()
  const parameters = model.init(key(3))
  const eager = (x: Tensor, t: Tensor): Tensor => model.apply(parameters, x, t)
  const compiled = compile(eager, { executor })
  afterAll(() => compiled.dispose())

  it.each([
    samplers.eulerMaruyama(),
    samplers.predictorCorrector(),
    samplers.ddim(),
    samplers.dpmSolverPlusPlus(),
    samplers.odeHeun(),
    samplers.annealedLangevin(),
  ] as Sampler[])('serve $name', async (sampler) => {
    const options = { key: key(4), shape: [20, 2], steps: 8 }
    const [wanted, got] = [
      await sample({ process, score: eager }, sampler as never, options),
      await sample({ process, score: compiled }, sampler as never, options),
    ]
    const [a, b] = [await got.data(), await wanted.data()]
    const scale = Math.max(...Array.from(b, Math.abs))
    expect(Number.isFinite(scale)).toBe(true)
    for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(1e-3 * scale)
    dispose([wanted, got])
  })

  it('from an ONNX file carry noise to the data along the probability flow', async () => {
    const bytes = readFileSync(new URL('backend-onnx/fixtures/gaussian-score.onnx', root))
    const score = await fromOnnx(bytes, { x: 'sample', t: 'time' })
    const z = normal(key(5), [50, 2])
    const exploding = ve({ sigmaMin: 0.01, sigmaMax: 10 })
    const x = await sample({ process: exploding, score }, samplers.odeRk45(), {
      key: key(6),
      x: z,
      end: 0,
      denoise: 'none',
    })
    // x(s) − m = √((0.5² + σ(s)²)/(0.5² + σ(t)²)) (x(t) − m), the data being N((1, −2), 0.5² I).
    const factor = Math.sqrt((0.25 + 1e-4) / (0.25 + 100))
    const [starts, ends] = [await z.data(), await x.data()]
    for (const [i, end] of ends.entries()) {
      const mean = [1, -2][i % 2]!
      expect(Math.abs(end - (mean + factor * (starts[i]! - mean)))).toBeLessThan(1e-3)
    }
    await score.dispose()
  })
})
