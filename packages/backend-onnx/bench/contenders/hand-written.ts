import * as ort from 'onnxruntime-node'
import { Builder, valueInfo } from '../../src/builder'
import { encodeModel } from '../../src/encode-model'
import type { Filled, Job } from '../work'

/** A model written by hand: what computes the outputs, what it begins with, and the number that is read of a run. */
export interface Model {
  readonly write: (builder: Builder) => Record<string, string>
  readonly inputs: Record<string, Filled>
  readonly outputs: Record<string, readonly number[]>
  readonly read: (outputs: Record<string, ort.Tensor>) => number
}

/** A model and the buffers, made once, with which it is run: what is left of the time when nothing is in the way. */
export async function open({ write, inputs, outputs }: Model, threads: number) {
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

export async function job(model: Model, threads: number): Promise<Job> {
  const { session, feeds, fetches } = await open(model, threads)
  const run = async (): Promise<number> => model.read(await session.run(feeds, fetches))
  return { run, dispose: () => session.release() }
}

export function map<A, B>(all: Readonly<Record<string, A>>, fn: (one: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, fn(one)]))
}

const prefixed = <A>(all: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [prefix + name, one]))

export const first = ({ y }: Record<string, ort.Tensor>): number => (y!.data as Float32Array)[0]!

/** Adam's update of the inputs `name`, `m_name` and `v_name`: the outputs `next_name` and so on. */
export function adam(b: Builder, gradients: Readonly<Record<string, string>>): Record<string, string> {
  const next: Record<string, string> = {}
  const scaled = (x: string, by: number): string => b.op('Mul', [x, b.float(by)])
  for (const [name, g] of Object.entries(gradients)) {
    const m = b.op('Add', [scaled(`m_${name}`, 0.9), scaled(g, 0.1)])
    const v = b.op('Add', [scaled(`v_${name}`, 0.999), scaled(b.op('Mul', [g, g]), 0.001)])
    const update = b.op('Div', [m, b.op('Add', [b.op('Sqrt', [v]), b.float(1e-8)])])
    next[`next_m_${name}`] = m
    next[`next_v_${name}`] = v
    next[`next_${name}`] = b.op('Sub', [name, scaled(update, 1e-3)])
  }
  return next
}

/** Parameters and, at rest, their slots: what {@link adam} updates. */
export function trained(parameters: Readonly<Record<string, Filled>>): Record<string, Filled> {
  const empty = map(parameters, ({ data, shape }) => ({ data: data.map(() => 0), shape }))
  return { ...parameters, ...prefixed(empty, 'm_'), ...prefixed(empty, 'v_') }
}

/** The shapes of what {@link adam} gives. */
export function updated(state: Readonly<Record<string, Filled>>): Record<string, readonly number[]> {
  return prefixed(
    map(state, ({ shape }) => shape),
    'next_',
  )
}
