import * as ort from 'onnxruntime-node'
import { Builder, valueInfo } from '../../src/builder'
import { encodeModel } from '../../src/proto'
import { type Contender, prepared } from '../measure'
import { type Filled, type Job, type Makers, make, matrices, mlpParameters, points } from '../work'

interface Model {
  readonly write: (builder: Builder) => Record<string, string>
  readonly inputs: Record<string, Filled>
  readonly outputs: Record<string, readonly number[]>
  readonly read: (outputs: Record<string, ort.Tensor>) => number
}

/** A model written by hand, run with buffers made once: what is left of the time when nothing is in the way. */
async function job({ write, inputs, outputs, read }: Model, threads: number): Promise<Job> {
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
  const run = async (): Promise<number> => read(await session.run(feeds, fetches))
  return { run, dispose: () => session.release() }
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
      let h = b.op('Concat', ['x', 't'], { axis: 1 })
      for (let i = 0; i < 4; i++) {
        h = b.op('Gemm', [h, `w${i}`, `b${i}`])
        if (i < 3) h = b.op('Softplus', [h])
      }
      return { y: h }
    },
    inputs: { x, t: column(t), ...mlpParameters(width) },
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

/** ONNX models written by hand. */
export function floor(threads: number): Contender {
  const makers: Makers = {
    'mlp-step': ({ width, batch }) => job(step(width, batch), threads),
    'mlp-score': ({ width, batch }) => job(forward(width, batch), threads),
    matmul: ({ size }) => {
      const write = (b: Builder) => {
        return { y: b.op('ReduceMean', [b.op('Abs', [b.op('MatMul', ['a', 'b'])])], { keepdims: 0 }) }
      }
      return job({ write, inputs: { ...matrices(size) }, outputs: { y: [] }, read: first }, threads)
    },
  }
  return { name: 'hand-written ONNX', threads, prepare: async (work) => prepared(await make(makers, work)) }
}
