import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { compose, type Replacement } from '../kernels/register'
import { zeros } from './empty'

type Run = WebGPUBackend['runWebGPUProgram']
type Program = Parameters<Run>[0]

/** How tfjs's code reads the second matrix: beyond its last row too, which is the next matrix's first, or any. */
const reading = /value = getB\(batch, (row, col|col, row)\);/

/** A program that has 0 for what lies beyond: it takes 0 from the first matrix there, which times what is not finite is NaN. */
const bounded = (program: Program): Program =>
  Object.assign(Object.create(program), {
    getUserCode: () => program.getUserCode().replace(reading, 'if (row < uniforms.dimInner) { $& }'),
    shaderKey: `${program.shaderKey} bounded`,
  })

/** A kernel whose programs are bounded. */
const withinBounds: Replacement = (plain) => (args) => {
  const backend = args.backend as WebGPUBackend
  const run: Run = (program, ...rest) => backend.runWebGPUProgram(bounded(program), ...rest)
  const held = new Proxy(backend, {
    get(target, name) {
      if (name === 'runWebGPUProgram') return run
      const value = Reflect.get(target, name) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return plain({ ...args, backend: held })
}

/** Matrices without entries: tfjs binds memory of size 0. */
const ofNothing: Replacement = (plain) => (args) => {
  const { a, b } = args.inputs as { a: Info; b: Info }
  if (![...a.shape, ...b.shape].includes(0)) return plain(args)
  const { transposeA, transposeB } = args.attrs as unknown as tf.BatchMatMulAttrs
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const shape = [...batch, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!]
  return zeros(args.backend as WebGPUBackend, shape, 'float32')
}

export const products: Readonly<Record<string, Replacement>> = {
  BatchMatMul: compose(ofNothing, withinBounds),
  Conv2D: withinBounds,
  FusedConv2D: withinBounds,
  _FusedMatMul: withinBounds,
}
