import { type Tensor, tensor } from '@sgm/tensor'
import type { Builder } from '../../src/builder'
import { type Order, permute, reordered } from '../../src/layout'
import { CHANNELS_FIRST, FILTERS_FIRST } from '../../src/lower/geometry'
import { type Contender, prepared } from '../measure'
import { subjectOf } from '../subjects.bench'
import {
  type Filled,
  images,
  type Job,
  type Makers,
  make,
  matrices,
  mlpParameters,
  points,
  type WorkOf,
} from '../work'
import { adam, first, job, type Model, map, open, trained, updated } from './hand-written'
import { unetSample, unetScore, unetStep } from './hand-written-unet'

/** sgm's sampler on a score written by hand. */
async function sampling(
  work: WorkOf<'euler-maruyama' | 'rk45' | 'unet-pc'>,
  model: Model,
  threads: number,
): Promise<Job> {
  const { session, feeds, fetches } = await open(model, threads)
  const score = async (x: Tensor, t: Tensor): Promise<Tensor> => {
    const [points, times] = await Promise.all([x.data(), t.data()])
    ;(feeds.x!.data as Float32Array).set(points)
    ;(feeds.t!.data as Float32Array).set(times)
    const { y } = await session.run(feeds, fetches)
    return tensor(y!.data as Float32Array, x.shape)
  }
  const { drive } = subjectOf(work)
  return { run: () => drive!(score), dispose: () => session.release() }
}

const column = ({ data }: Filled): Filled => ({ data, shape: [data.length, 1] })

function forward(width: number, batch: number): Model {
  const { x, t } = points(batch)
  return {
    write: (b) => {
      const weights = map(mlpParameters(width), ({ data, shape }) => b.constant(data, shape, 'float32'))
      let h = b.op('Concat', ['x', 't'], { axis: 1 })
      for (let i = 0; i < 4; i++) {
        h = b.op('Gemm', [h, weights[`w${i}`]!, weights[`b${i}`]!])
        if (i < 3) h = b.op('Softplus', [h])
      }
      return { y: h }
    },
    inputs: { x, t: column(t) },
    outputs: { y: [batch, 2] },
    read: first,
  }
}

/** The MLP's training step: gradients and Adam by hand. */
function step(width: number, batch: number): Model {
  const { x, t, z } = points(batch)
  const weights = mlpParameters(width)
  const state = trained(weights)
  return {
    write: (b) => {
      const next: Record<string, string> = {}
      const scaled = (x: string, by: number): string => b.op('Mul', [x, b.float(by)])
      const hidden = [b.op('Concat', [b.op('Add', ['x', 'z']), 't'], { axis: 1 })]
      const before: string[] = []
      for (let i = 0; i < 4; i++) {
        before.push(b.op('Gemm', [hidden[i]!, `w${i}`, `b${i}`]))
        hidden.push(i < 3 ? b.op('Softplus', [before[i]!]) : before[i]!)
      }
      const residual = b.op('Add', [hidden[4]!, 'z'])
      const squares = b.op('ReduceSum', [b.op('Mul', [residual, residual]), b.ints([0, 1])], { keepdims: 0 })
      next.y = scaled(squares, 1 / batch)
      let dy = scaled(residual, 2 / batch)
      for (let i = 3; i >= 0; i--) {
        const gradients = {
          [`w${i}`]: b.op('Gemm', [hidden[i]!, dy], { transA: 1 }),
          [`b${i}`]: b.op('ReduceSum', [dy, b.ints([0])], { keepdims: 0 }),
        }
        if (i > 0) {
          const slope = b.op('Sigmoid', [before[i - 1]!])
          dy = b.op('Mul', [b.op('Gemm', [dy, `w${i}`], { transB: 1 }), slope])
        }
        Object.assign(next, adam(b, gradients))
      }
      return next
    },
    inputs: { x, t: column(t), z, ...state },
    outputs: { y: [], ...updated(state) },
    read: first,
  }
}

const ordered = ({ data, shape }: Filled, order: Order): Filled => {
  return { data: reordered(data, shape, order), shape: permute(shape, order) }
}

const PADDED = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
const meanSize = (b: Builder, x: string): string => b.op('ReduceMean', [b.op('Abs', [x])], { keepdims: 0 })

/** A convolution of images, channels first as the runtime has them. */
function convolution(work: WorkOf<'conv' | 'conv-gradients'>, gradients: boolean): Model {
  const { x, filter } = images(work)
  return {
    write: (b) => {
      const y = b.op('Conv', ['x', 'filter'], PADDED)
      if (!gradients) return { y: meanSize(b, y) }
      const dy = b.op('Mul', [y, b.float(2)])
      const dx = b.op('ConvTranspose', [dy, 'filter'], PADDED)
      const exchanged = (name: string): string => b.op('Transpose', [name], { perm: [1, 0, 2, 3] })
      const dFilter = b.op('Conv', [exchanged('x'), exchanged(dy)], { pads: PADDED.pads })
      return { y: b.op('Add', [meanSize(b, dx), meanSize(b, dFilter)]) }
    },
    inputs: { x: ordered(x, CHANNELS_FIRST), filter: ordered(filter, FILTERS_FIRST) },
    outputs: { y: [] },
    read: first,
  }
}

/** A job of weights of its own, whose number nobody else has. */
async function unseen(made: Promise<Job>): Promise<Job> {
  const { run, ...rest } = await made
  return { ...rest, run: () => run().then(() => undefined) }
}

/** ONNX models written by hand. */
export function floor(threads: number): Contender {
  const makers: Makers = {
    'mlp-step': ({ width, batch }) => job(step(width, batch), threads),
    'mlp-score': ({ width, batch }) => job(forward(width, batch), threads),
    'euler-maruyama': (work) => sampling(work, forward(work.width, work.batch), threads),
    rk45: (work) => sampling(work, forward(work.width, work.batch), threads),
    conv: (work) => job(convolution(work, false), threads),
    'conv-gradients': (work) => job(convolution(work, true), threads),
    'unet-step': ({ batch }) => unseen(job(unetStep(batch), threads)),
    'unet-sample': ({ batch }) => unseen(job(unetSample(batch), threads)),
    'unet-pc': (work) => sampling(work, unetScore(work.batch), threads),
    matmul: ({ size }) => {
      const write = (b: Builder) => {
        return { y: b.op('ReduceMean', [b.op('Abs', [b.op('MatMul', ['a', 'b'])])], { keepdims: 0 }) }
      }
      return job({ write, inputs: { ...matrices(size) }, outputs: { y: [] }, read: first }, threads)
    },
  }
  return { name: 'hand-written ONNX', threads, prepare: async (work) => prepared(await make(makers, work)) }
}
