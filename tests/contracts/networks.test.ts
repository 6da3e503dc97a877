import { openGpu } from '@sgm/backend-gpu'
import { onnx } from '@sgm/backend-onnx'
import { noisyClassification, sdeDenoising } from '@sgm/losses'
import {
  ddpm,
  ddpmpp,
  dit,
  gaussianFourier,
  loadWeights,
  mapNetwork,
  mlp,
  type Network,
  ncsnpp,
  noiseClassifier,
  refineNet,
  saveWeights,
  scaledScorePrediction,
  tutorialUnet,
  type UnetOptions,
} from '@sgm/score'
import { ve, vp } from '@sgm/sde'
import {
  compile,
  dispose,
  foldIn,
  key,
  mean,
  mul,
  type NamedTensors,
  normal,
  square,
  type Tensor,
  tensor,
  valueAndGrad,
} from '@sgm/tensor'
import { sgd, train } from '@sgm/train'
import { describe, expect, inject, it } from 'vitest'

/** What runs on a GPU is compiled for it. */
const executor = inject('backend') === 'webgpu' ? (await openGpu()).executor() : onnx({ threads: 1 })
const small: UnetOptions = { size: 8, channels: 2, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] }
const skips = { progressiveInput: 'skip', progressiveOutput: 'skip' } as const
const residuals = { progressiveInput: 'residual', progressiveOutput: 'residual' } as const

interface Case {
  readonly network: Network
  readonly shape: readonly number[]
  readonly labels?: boolean
}
const cases: Record<string, Case> = {
  mlp: { network: mlp({ dims: 3, hidden: [6, 5], time: gaussianFourier({ size: 4 }) }), shape: [3, 3] },
  tutorialUnet: {
    network: tutorialUnet({ size: 17, widths: [4, 8, 8, 8], groups: [2, 4], embedding: 8 }),
    shape: [3, 17, 17, 1],
  },
  ddpm: { network: ddpm(small), shape: [3, 8, 8, 2] },
  'ddpmpp with classes': { network: ddpmpp({ ...small, classes: 2 }), shape: [3, 8, 8, 2], labels: true },
  'dit with classes': {
    network: dit({ size: 4, channels: 2, width: 8, depth: 1, heads: 2, classes: 2 }),
    shape: [3, 4, 4, 2],
    labels: true,
  },
  ncsnpp: { network: ncsnpp(small), shape: [3, 8, 8, 2] },
  'ncsnpp with skips': { network: ncsnpp({ ...small, ...skips }), shape: [3, 8, 8, 2] },
  'ncsnpp of DDPM’s blocks': {
    network: ncsnpp({ ...small, ...residuals, residual: 'ddpm' }),
    shape: [3, 8, 8, 2],
  },
  refineNet: { network: refineNet({ size: 4, channels: 1, width: 2 }), shape: [3, 4, 4, 1] },
  noiseClassifier: {
    network: noiseClassifier({ size: 8, channels: 2, classes: 2, width: 8, multipliers: [1, 2] }),
    shape: [3, 8, 8, 2],
  },
}

/** Parameters whose every path counts: weights that start near zero are as large as the others. */
function rough({ shapes }: Network): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const fan = shape.slice(0, -1).reduce((a, b) => a * b, 1)
      return [name, mul(normal(foldIn(key(7), i), shape), name.endsWith('weight') ? 1 / Math.sqrt(fan) : 0.5)]
    }),
  )
}

/** Within 1e-4 of the largest value: float32's rounding over some forty layers, forward and back. */
async function expectSame(got: Tensor, wanted: Tensor, what = 'value'): Promise<void> {
  expect(got.shape).toEqual(wanted.shape)
  const [a, b] = [await got.data(), await wanted.data()]
  const scale = Math.max(...Array.from(b, Math.abs), 1e-3)
  for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!), what).toBeLessThan(1e-4 * scale)
}

// Eager convolutions in plain JavaScript take ten times as long, and the operators' contract holds them to the same values.
const onHost = inject('backend') === 'cpu'

describe.each(Object.entries(cases).filter(([name]) => !onHost || name === 'mlp'))(
  '%s',
  (_, { network, shape, labels = false }) => {
    const x = normal(key(1), shape)
    const t = tensor([0.1, 0.5, 0.9])
    const condition = labels ? tensor([0, 2, 1], [3], 'int32') : undefined

    it('compiled computes the same, and the same gradients', async () => {
      const parameters = rough(network)
      const step = (p: NamedTensors, y: Tensor, s: Tensor, c?: Tensor) => {
        const loss = (q: NamedTensors, z: Tensor): Tensor => mean(square(network.apply(q, z, s, c)))
        const { value, gradient } = valueAndGrad<NamedTensors, [Tensor]>(loss)(p, y)
        return { value, gradient, output: network.apply(p, y, s, c) }
      }
      const compiled = compile(step, { executor })
      const wanted = step(parameters, x, t, condition)
      const got = await compiled(parameters, x, t, condition)
      await expectSame(got.output, wanted.output, 'output')
      await expectSame(got.value, wanted.value, 'loss')
      const largest = await norm(wanted.gradient)
      for (const [name, slope] of Object.entries(wanted.gradient)) {
        const [a, b] = [await got.gradient[name]!.data(), await slope.data()]
        for (const [i, value] of a.entries()) {
          expect(Math.abs(value - b[i]!), name).toBeLessThan(1e-4 * largest)
        }
      }
      await compiled.dispose()
      dispose([parameters, wanted, got])
    })

    it('comes back from its weights bit by bit, and so does a map of it', async () => {
      const parameters = network.init(key(2))
      for (const one of [network, mapNetwork(network, (f) => (y, s) => mul(f(y, s), 2))]) {
        const read = loadWeights(one, await saveWeights(one, parameters))
        expect(Object.keys(read)).toEqual(Object.keys(network.shapes))
        for (const [name, value] of Object.entries(parameters)) {
          expect(read[name]!.shape).toEqual(value.shape)
          expect(await read[name]!.data()).toEqual(await value.data())
        }
        dispose(read)
      }
      dispose(parameters)
    })
  },
)

/** The largest entry of all. */
async function norm(tensors: NamedTensors): Promise<number> {
  const values = await Promise.all(Object.values(tensors).map((v) => v.data()))
  return Math.max(...values.map((list) => Math.max(...Array.from(list, Math.abs))))
}

describe.skipIf(onHost)('training', () => {
  const process = ve({ sigmaMax: 5 })
  const score = (name: string) => scaledScorePrediction.score(cases[name]!.network, process)
  const runs = {
    tutorialUnet: { model: score('tutorialUnet'), loss: sdeDenoising({ process }), labels: false },
    noiseClassifier: {
      model: cases.noiseClassifier!.network,
      loss: noisyClassification({ process: vp() }),
      labels: true,
    },
  }

  it.each(Object.entries(runs))(
    'of %s takes the same steps compiled',
    async (name, { model, loss, labels }) => {
      const { shape } = cases[name]!
      const condition = () => tensor([1, 0, 1], [3], 'int32')
      const data = (step: number) => {
        const x = normal(foldIn(key(2), step), shape)
        return labels ? { x, condition: condition() } : x
      }
      const run = async (compiled: boolean) => {
        const training = train({
          model,
          loss,
          data,
          steps: 3,
          key: key(3),
          parameters: rough(model),
          optimizer: sgd(),
          rate: 1e-2,
          clip: 1,
          ...(compiled && { compile: executor }),
        })
        const losses: number[] = []
        for await (const step of training) losses.push(step.loss)
        return { losses, parameters: training.parameters }
      }
      const [eager, native] = [await run(false), await run(true)]
      for (const [i, value] of eager.losses.entries()) {
        expect(Math.abs(native.losses[i]! - value)).toBeLessThan(1e-4 * Math.abs(value))
      }
      for (const [at, value] of Object.entries(eager.parameters))
        await expectSame(native.parameters[at]!, value, at)
    },
  )
})
