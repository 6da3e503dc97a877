import { type Tensor, tensor } from '@sgm/tensor'
import * as ort from 'onnxruntime-node'
import { Builder, valueInfo } from '../../src/builder'
import { type Order, permute, reordered } from '../../src/layout'
import { CHANNELS_FIRST, FILTERS_FIRST } from '../../src/lower/geometry'
import { encodeModel } from '../../src/proto'
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

interface Model {
  readonly write: (builder: Builder) => Record<string, string>
  readonly inputs: Record<string, Filled>
  readonly outputs: Record<string, readonly number[]>
  readonly read: (outputs: Record<string, ort.Tensor>) => number
}

/** A model written by hand and the buffers, made once, with which it is run: what is left of the time when nothing is in the way. */
async function open({ write, inputs, outputs }: Model, threads: number) {
  const builder = new Builder([...Object.keys(inputs), ...Object.keys(outputs)])
  const made = write(builder)
  for (const [name, from] of Object.entries(made)) {
    builder.nodes.push({ input: [from], output: [name], name, opType: 'Identity', attribute: [] })
  }
  const info = (shapes: Record<string, readonly number[]>) =>
    Object.entries(shapes).map(([name, shape]) => valueInfo(name, 'float32', shape))
  const bytes = encodeModel({
    irVersion: 9,
    producerName: 'bench',
    opsetImport: [{ domain: '', version: 18 }],
    graph: {
      name: 'floor',
      node: builder.nodes,
      initializer: builder.initializers,
      input: info(map(inputs, ({ shape }) => shape)),
      output: info(outputs),
    },
  })
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  })
  const feeds = map(inputs, ({ data, shape }) => new ort.Tensor('float32', data, shape))
  const fetches = map(outputs, (shape) => {
    return new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape)
  })
  return { session, feeds, fetches }
}

async function job(model: Model, threads: number): Promise<Job> {
  const { session, feeds, fetches } = await open(model, threads)
  const run = async (): Promise<number> => model.read(await session.run(feeds, fetches))
  return { run, dispose: () => session.release() }
}

/** sgm's sampler on a score written by hand. */
async function sampling(work: WorkOf<'euler-maruyama' | 'rk45'>, threads: number): Promise<Job> {
  const { session, feeds, fetches } = await open(forward(work.width, work.batch), threads)
  const score = async (x: Tensor, t: Tensor): Promise<Tensor> => {
    const [points, times] = await Promise.all([x.data(), t.data()])
    ;(feeds.x!.data as Float32Array).set(points)
    ;(feeds.t!.data as Float32Array).set(times)
    const { y } = await session.run(feeds, fetches)
    return tensor(y!.data as Float32Array, [work.batch, 2])
  }
  const { drive } = subjectOf(work)
  return { run: () => drive!(score), dispose: () => session.release() }
}

function map<A, B>(all: Readonly<Record<string, A>>, fn: (one: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, fn(one)]))
}

const prefixed = <A>(all: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [prefix + name, one]))

const column = ({ data }: Filled): Filled => ({ data, shape: [data.length, 1] })
const first = ({ y }: Record<string, ort.Tensor>): number => (y!.data as Float32Array)[0]!

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
  const empty = map(weights, ({ data, shape }) => ({ data: data.map(() => 0), shape }))
  const state = { ...weights, ...prefixed(empty, 'm_'), ...prefixed(empty, 'v_') }
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
        for (const [name, g] of Object.entries(gradients)) {
          const m = b.op('Add', [scaled(`m_${name}`, 0.9), scaled(g, 0.1)])
          const v = b.op('Add', [scaled(`v_${name}`, 0.999), scaled(b.op('Mul', [g, g]), 0.001)])
          const update = b.op('Div', [m, b.op('Add', [b.op('Sqrt', [v]), b.float(1e-8)])])
          next[`next_m_${name}`] = m
          next[`next_v_${name}`] = v
          next[`next_${name}`] = b.op('Sub', [name, scaled(update, 1e-3)])
        }
      }
      return next
    },
    inputs: { x, t: column(t), z, ...state },
    outputs: {
      y: [],
      ...prefixed(
        map(state, ({ shape }) => shape),
        'next_',
      ),
    },
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

/** ONNX models written by hand. */
export function floor(threads: number): Contender {
  const makers: Makers = {
    'mlp-step': ({ width, batch }) => job(step(width, batch), threads),
    'mlp-score': ({ width, batch }) => job(forward(width, batch), threads),
    'euler-maruyama': (work) => sampling(work, threads),
    rk45: (work) => sampling(work, threads),
    conv: (work) => job(convolution(work, false), threads),
    'conv-gradients': (work) => job(convolution(work, true), threads),
    matmul: ({ size }) => {
      const write = (b: Builder) => {
        return { y: b.op('ReduceMean', [b.op('Abs', [b.op('MatMul', ['a', 'b'])])], { keepdims: 0 }) }
      }
      return job({ write, inputs: { ...matrices(size) }, outputs: { y: [] }, read: first }, threads)
    },
  }
  return { name: 'hand-written ONNX', threads, prepare: async (work) => prepared(await make(makers, work)) }
}
