import * as ort from 'onnxruntime-node'
import { Builder, valueInfo } from '../src/builder'
import { encodeModel } from '../src/proto'
import { layers } from './mlp'
import type { Runner } from './table'

type Shapes = Record<string, readonly number[]>

/** A model written by hand, run with buffers made once: what is left of the time when nothing is in the way. */
async function session(
  write: (builder: Builder) => Record<string, string>,
  inputs: Shapes,
  outputs: Shapes,
  threads: number,
): Promise<Runner['run']> {
  const builder = new Builder([...Object.keys(inputs), ...Object.keys(outputs)])
  const made = write(builder)
  for (const [name, from] of Object.entries(made)) {
    builder.nodes.push({ input: [from], output: [name], name, opType: 'Identity', attribute: [] })
  }
  const info = (shapes: Shapes) =>
    Object.entries(shapes).map(([name, shape]) => valueInfo(name, 'float32', shape))
  const bytes = encodeModel({
    irVersion: 9,
    producerName: 'bench',
    opsetImport: [{ domain: '', version: 18 }],
    graph: {
      name: 'floor',
      node: builder.nodes,
      initializer: builder.initializers,
      input: info(inputs),
      output: info(outputs),
    },
  })
  const loaded = await ort.InferenceSession.create(bytes, { intraOpNumThreads: threads, logSeverityLevel: 3 })
  const tensors = (shapes: Shapes) =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const data = Float32Array.from(
          { length: shape.reduce((a, b) => a * b, 1) },
          (_, i) => 0.1 * Math.sin(i),
        )
        return [name, new ort.Tensor('float32', data, shape)]
      }),
    )
  const [feeds, fetches] = [tensors(inputs), tensors(outputs)]
  return () => loaded.run(feeds, fetches)
}

function shapesOf(width: number): Shapes {
  const sizes = layers(width)
  return Object.fromEntries(
    sizes.slice(1).flatMap((size, i) => [
      [`w${i}`, [sizes[i]!, size]],
      [`b${i}`, [size]],
    ]),
  )
}

const prefixed = (shapes: Shapes, prefix: string): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [prefix + name, shape]))

/** The MLP's forward pass. */
export async function floorForward(width: number, batch: number, threads: number): Promise<Runner> {
  const run = await session(
    (b) => {
      let h = b.op('Concat', ['x', 't'], { axis: 1 })
      for (let i = 0; i < 4; i++) {
        h = b.op('Gemm', [h, `w${i}`, `b${i}`])
        if (i < 3) h = b.op('Softplus', [h])
      }
      return { y: h }
    },
    { x: [batch, 2], t: [batch, 1], ...shapesOf(width) },
    { y: [batch, 2] },
    threads,
  )
  return { name: 'hand-written ONNX', run }
}

/** The MLP's training step: gradients and Adam by hand. */
export async function floorStep(width: number, batch: number, threads: number): Promise<Runner> {
  const shapes = shapesOf(width)
  const inputs = { x: [batch, 2], t: [batch, 1], z: [batch, 2], ...shapes }
  const slots = { ...prefixed(shapes, 'm_'), ...prefixed(shapes, 'v_') }
  const run = await session(
    (b) => {
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
      next.loss = scaled(squares, 1 / batch)
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
    { ...inputs, ...slots },
    { loss: [], ...prefixed({ ...shapes, ...slots }, 'next_') },
    threads,
  )
  return { name: 'hand-written ONNX', run }
}
