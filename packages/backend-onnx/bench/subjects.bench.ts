import { eulerMaruyama, langevin, odeRk45, predictorCorrector, sample } from '@sgm/samplers'
import { ddpm, type Score, scaledScorePrediction, tutorialUnet } from '@sgm/score'
import { sigmaT, vp } from '@sgm/sde'
import {
  abs,
  add,
  concat,
  conv2d,
  div,
  type Executor,
  grad,
  key,
  matMul,
  mean,
  mul,
  type NamedTensors,
  normal,
  reshape,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  uniform,
  valueAndGrad,
  variable,
  zeros,
} from '@sgm/tensor'
import {
  type Filled,
  filled,
  images,
  type Kind,
  matrices,
  mlpParameters,
  points,
  type Work,
  type WorkOf,
} from './work'

type Call = (...args: Tensor[]) => Tensor

/** Work as a function of tensors, to be called as it is or compiled. */
export interface Subject {
  readonly fn: Call
  readonly args: Tensor[]
  /** What is done with the function, where it is more than a call. @default one call, its first number read */
  readonly drive?: (score: Score, options?: { readonly compile: Executor }) => Promise<number | undefined>
  /** Calls in a run of `drive`, where that is known. @default 1 */
  readonly calls?: number
  /** Whether the numbers depend on draws that only sgm makes. @default false */
  readonly drawn?: boolean
}

const toTensor = ({ data, shape }: Filled): Tensor => tensor(data, shape)
/** Large operands stay with the runtime, as a network's weights and activations do. */
const toVariable = (one: Filled): Tensor => variable(toTensor(one))

/** Trained weights are constants of a compiled score; those in training are variables. */
function parameters(width: number): NamedTensors {
  return named(mlpParameters(width), toTensor)
}

function named<A, B>(all: Readonly<Record<string, A>>, fn: (one: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, fn(one)]))
}

function mlp(p: NamedTensors, x: Tensor, t: Tensor): Tensor {
  let h = concat([x, reshape(t, [-1, 1])], 1)
  for (let i = 0; i < 4; i++) {
    h = add(matMul(h, p[`w${i}`]!), p[`b${i}`]!)
    if (i < 3) h = softplus(h)
  }
  return h
}

/** One step of Adam on a loss of parameters. */
export function adamStep(initial: NamedTensors, loss: (p: NamedTensors, ...args: Tensor[]) => Tensor): Call {
  const p = named(initial, (x) => variable(x))
  const [m, v] = [
    named(initial, ({ shape }) => variable(zeros(shape))),
    named(initial, ({ shape }) => variable(zeros(shape))),
  ]
  return (...args) => {
    const { value, gradient } = valueAndGrad<NamedTensors, []>((q) => loss(q, ...args))(p)
    for (const [name, g] of Object.entries(gradient)) {
      const m2 = add(mul(m[name]!, 0.9), mul(g, 0.1))
      const v2 = add(mul(v[name]!, 0.999), mul(square(g), 0.001))
      m[name]!.assign(m2)
      v[name]!.assign(v2)
      p[name]!.assign(sub(p[name]!, mul(div(m2, add(sqrt(v2), 1e-8)), 1e-3)))
    }
    return value
  }
}

/** Denoising score matching at σ = 1. */
export const denoising =
  (network: (p: NamedTensors, x: Tensor, t: Tensor) => Tensor) =>
  (p: NamedTensors, x?: Tensor, t?: Tensor, z?: Tensor): Tensor =>
    mul(sum(square(add(network(p, add(x!, z!), t!), z!))), 1 / x!.shape[0]!)

const conv = (x: Tensor, filter: Tensor): Tensor => conv2d(x, filter, { padding: 'same' })
const meanSize = (x: Tensor): Tensor => mean(abs(x))

const process = vp()
const unet = tutorialUnet()
/** The published architecture, small: 6.5 million parameters, attention at 16×16. */
const small = ddpm({ width: 64, multipliers: [1, 2, 2] })
/** What small images are trained with by default: 280 177 parameters, attention at 14×14. */
const digits = ddpm({ size: 28, channels: 1, width: 16, blocks: 1, multipliers: [1, 2, 2], attention: [14] })
const imageData = (shape: number[]): Tensor[] => [
  uniform(key(1), shape),
  uniform(key(2), [shape[0]!]),
  normal(key(3), shape),
]
const unetData = (batch: number): Tensor[] => imageData([batch, 28, 28, 1])

/** How sgm does the work of each kind. */
export const subjects: { readonly [K in Kind]: (work: WorkOf<K>) => Subject } = {
  'mlp-step': ({ width, batch }) => ({
    fn: adamStep(parameters(width), denoising(mlp)),
    args: Object.values(points(batch)).map(toTensor),
  }),
  'mlp-score': ({ width, batch }) => {
    const p = parameters(width)
    const { x, t } = points(batch)
    return { fn: (a, b) => mlp(p, a!, b!), args: [toTensor(x), toTensor(t)] }
  },
  'euler-maruyama': ({ width, batch, steps }) => {
    const p = parameters(width)
    const { x, t } = points(batch)
    return {
      fn: (a, b) => mlp(p, a!, b!),
      args: [toTensor(x), toTensor(t)],
      calls: steps,
      drive: async (score, options) => {
        const y = await sample({ process, score }, eulerMaruyama(), {
          key: key(4),
          shape: [batch, 2],
          steps,
          ...options,
        })
        await y.data()
        y.dispose()
        return undefined
      },
    }
  },
  rk45: ({ width, batch }) => {
    const p = parameters(width)
    const { x, t } = points(batch)
    const start = toTensor(filled([batch, 2], 13, Math.sqrt(3)))
    return {
      fn: (a, b) => mlp(p, a!, b!),
      args: [toTensor(x), toTensor(t)],
      drive: async (score, options) => {
        const y = await sample({ process, score }, odeRk45(), {
          ...options,
          key: key(5),
          x: start,
          start: 1,
          end: 1e-3,
          denoise: 'none',
        })
        const data = await y.data()
        y.dispose()
        return Array.from(data, Math.abs).reduce((a, b) => a + b) / data.length
      },
    }
  },
  conv: (work) => {
    const [x, filter] = Object.values(images(work)).map(toVariable)
    return { fn: () => meanSize(conv(x!, filter!)), args: [] }
  },
  'conv-gradients': (work) => {
    const both = Object.values(images(work)).map(toVariable)
    const loss = ([x, filter]: readonly Tensor[]): Tensor => sum(square(conv(x!, filter!)))
    const fn = () =>
      grad(loss)(both)
        .map(meanSize)
        .reduce((a, b) => add(a, b))
    return { fn, args: [] }
  },
  matmul: ({ size }) => {
    const [a, b] = Object.values(matrices(size)).map(toVariable)
    return { fn: () => meanSize(matMul(a!, b!)), args: [] }
  },
  'unet-step': ({ batch }) => ({
    fn: adamStep(unet.init(key(0)), denoising(unet.apply)),
    args: unetData(batch),
    drawn: true,
  }),
  'unet-sample': ({ batch }) => {
    const p = unet.init(key(0))
    return {
      fn: (x, t, z) => add(mul(add(x!, unet.apply(p, x!, t!)), 1.001), mul(z!, 0.1)),
      args: unetData(batch),
      drawn: true,
    }
  },
  'unet-pc': ({ batch, steps }) => {
    const p = unet.init(key(0))
    const score = scaledScorePrediction.toScore((x, t) => unet.apply(p, x, t), sigmaT())
    const sampler = predictorCorrector(eulerMaruyama(), langevin({ snr: 0.16 }))
    return {
      fn: (x, t) => score(x!, t!),
      args: unetData(batch).slice(0, 2),
      calls: 2 * steps,
      drawn: true,
      drive: async (score, options) => {
        const y = await sample({ process: sigmaT(), score }, sampler, {
          key: key(6),
          shape: [batch, 28, 28, 1],
          steps,
          ...options,
        })
        await y.data()
        y.dispose()
        return undefined
      },
    }
  },
  'digits-step': ({ batch }) => ({
    fn: adamStep(digits.init(key(0)), denoising(digits.apply)),
    args: unetData(batch),
    drawn: true,
  }),
  'digits-score': ({ batch }) => {
    const p = digits.init(key(0))
    return { fn: (x, t) => digits.apply(p, x!, t!), args: unetData(batch).slice(0, 2), drawn: true }
  },
  'ddpm-step': ({ batch }) => ({
    fn: adamStep(small.init(key(0)), denoising(small.apply)),
    args: imageData([batch, 32, 32, 3]),
    drawn: true,
  }),
  'ddpm-score': ({ batch }) => {
    const p = small.init(key(0))
    return {
      fn: (x, t) => small.apply(p, x!, t!),
      args: imageData([batch, 32, 32, 3]).slice(0, 2),
      drawn: true,
    }
  },
}

/** How sgm does a piece of work. */
export function subjectOf(work: Work): Subject {
  return (subjects[work.kind] as (work: Work) => Subject)(work)
}
