import * as tf from '@tensorflow/tfjs'
import type { Info } from './info'
import type { Call, Replacement } from './kernels/register'

/** How many axes some of tfjs's kernels know. */
const MOST = 4

/** The axes that a kernel goes along, and what it is told to go along the second of three. */
type Plan = (args: Call, x: Info) => readonly (readonly [axis: number, attributes: object])[]

/** A kernel that has one axis after the other done where there are many, the axes before and behind it as one each. */
const axisByAxis =
  (backendName: string, plan: Plan): Replacement =>
  (plain) =>
  (args) => {
    const { x } = args.inputs as { x: Info }
    if (x.shape.length <= MOST) return plain(args)
    const backend = args.backend as tf.KernelBackend
    const { kernelFunc: reshape } = tf.getKernel('Reshape', backendName)
    const reshaped = (x: Info, shape: number[]) =>
      reshape({ inputs: { x }, backend, attrs: { shape } }) as Info
    let out = reshaped(x, x.shape)
    for (const [axis, attributes] of plan(args, x)) {
      const [before, behind] = [out.shape.slice(0, axis), out.shape.slice(axis + 1)]
      const [outer, inner] = [before, behind].map(tf.util.sizeFromShape) as [number, number]
      const three = reshaped(out, [outer, out.shape[axis]!, inner])
      const done = plain({ ...args, inputs: { x: three }, attrs: { ...args.attrs, ...attributes } }) as Info
      const made = reshaped(done, [...before, done.shape[1]!, ...behind])
      for (const { dataId } of [out, three, done]) backend.disposeData(dataId)
      out = made
    }
    return out
  }

const plans = {
  Cumsum: ({ attrs }, { shape }) =>
    tf.util.parseAxisParam((attrs as { axis: number }).axis, shape).map((axis) => [axis, { axis: 1 }]),
  PadV2: ({ attrs }) =>
    (attrs as unknown as { paddings: [number, number][] }).paddings.flatMap((padding, axis) =>
      padding.some((count) => count > 0) ? [[axis, { paddings: [[0, 0], padding, [0, 0]] }] as const] : [],
    ),
  Reverse: ({ attrs }, { shape }) =>
    tf.util.parseAxisParam((attrs as { dims: number[] }).dims, shape).map((axis) => [axis, { dims: [1] }]),
  Tile: ({ attrs }) =>
    (attrs as unknown as { reps: number[] }).reps.flatMap((times, axis) =>
      times === 1 ? [] : [[axis, { reps: [1, times, 1] }] as const],
    ),
} satisfies Readonly<Record<string, Plan>>

/** Kernels for any number of axes, of which those of the backend know four. */
export function ofAnyRank(backendName: 'webgl' | 'webgpu') {
  const kernel = (name: keyof typeof plans) => axisByAxis(backendName, plans[name])
  return {
    Cumsum: kernel('Cumsum'),
    PadV2: kernel('PadV2'),
    Reverse: kernel('Reverse'),
    Tile: kernel('Tile'),
  }
}
