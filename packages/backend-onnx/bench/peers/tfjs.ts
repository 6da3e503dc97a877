/** tfjs as its packages are, without the repairs that importing sgm brings: `tfjs.ts cpu|wasm`. */

import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { type Filled, filled, images, layers, type Makers, matrices, mlpParameters, points } from '../work'
import { dormandPrince } from './dormand-prince'
import { serve } from './serve'
import { unetMakers } from './tfjs-unet'

const backend = process.argv[2]!
setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`)
await tf.setBackend(backend)
await tf.ready()

const tensor = <T extends tf.Tensor>({ data, shape }: Filled): T => tf.tensor(data, shape) as T

function mlp(width: number): {
  weights: tf.Variable[]
  apply: (x: tf.Tensor2D, t: tf.Tensor1D) => tf.Tensor2D
} {
  const weights = Object.values(mlpParameters(width)).map((one) => tf.variable(tensor(one)))
  const apply = (x: tf.Tensor2D, t: tf.Tensor1D): tf.Tensor2D => {
    let h: tf.Tensor2D = tf.concat([x, t.expandDims<tf.Tensor2D>(1)], 1)
    for (let i = 0; i < layers(width).length - 1; i++) {
      h = tf.add(tf.matMul(h, weights[2 * i] as unknown as tf.Tensor2D), weights[2 * i + 1]!)
      if (i < 3) h = tf.softplus(h)
    }
    return h
  }
  return { weights, apply }
}

/** Runs `fn` in a scope of its own and reads the scalar that it returns. */
const reading = (fn: () => tf.Tensor) => async (): Promise<number> => {
  const y = tf.tidy(fn)
  const [value] = await y.data()
  y.dispose()
  return value!
}

const conv = (x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D => tf.conv2d(x, filter, 1, 'same')
const meanSize = (x: tf.Tensor): tf.Tensor => tf.mean(tf.abs(x))

const makers: Makers = {
  ...unetMakers,
  'mlp-step': async ({ width, batch }) => {
    const { weights, apply } = mlp(width)
    const { x, t, z } = points(batch)
    const [a, b, c] = [tensor<tf.Tensor2D>(x), tensor<tf.Tensor1D>(t), tensor<tf.Tensor2D>(z)]
    const adam = tf.train.adam(1e-3)
    const loss = (): tf.Scalar =>
      tf.mean(tf.sum(tf.square(tf.add(apply(tf.add(a, c), b), c)), 1)) as tf.Scalar
    return {
      run: reading(() => adam.minimize(loss, true)!),
      dispose: () => tf.dispose([adam as never, weights, a, b, c]),
    }
  },
  'mlp-score': async ({ width, batch }) => {
    const { weights, apply } = mlp(width)
    const { x, t } = points(batch)
    const [a, b] = [tensor<tf.Tensor2D>(x), tensor<tf.Tensor1D>(t)]
    const run = async (): Promise<number> => {
      const y = tf.tidy(() => apply(a, b))
      const data = await y.data()
      y.dispose()
      return data[0]!
    }
    return { run, dispose: () => tf.dispose([weights, a, b]) }
  },
  'euler-maruyama': async ({ width, batch, steps }) => {
    const { weights, apply } = mlp(width)
    const run = async (): Promise<undefined> => {
      let x: tf.Tensor2D = tf.randomNormal([batch, 2])
      for (let i = 0; i < steps; i++) {
        const before = x
        x = tf.tidy(() => {
          const time = 1 - i / steps
          const beta = 0.1 + 19.9 * time
          const drift = tf.add(
            tf.mul(before, 0.5 * beta),
            tf.mul(apply(before, tf.fill([batch], time)), beta),
          )
          const noise = tf.mul(tf.randomNormal([batch, 2]), Math.sqrt(beta / steps))
          return tf.add(tf.add(before, tf.div(drift, steps)), noise)
        })
        before.dispose()
      }
      await x.data()
      x.dispose()
      return undefined
    }
    return { run, dispose: () => tf.dispose(weights) }
  },
  rk45: async ({ width, batch }) => {
    const { weights, apply } = mlp(width)
    const start = Float64Array.from(filled([batch, 2], 13, Math.sqrt(3)).data)
    const velocity = async (x: Float64Array, time: number): Promise<Float64Array> => {
      const beta = 0.1 + 19.9 * time
      const y = tf.tidy(() => {
        const points = tf.tensor2d(Float32Array.from(x), [batch, 2])
        return tf.mul(tf.add(points, apply(points, tf.fill([batch], time))), -0.5 * beta)
      })
      const slopes = Float64Array.from(await y.data())
      y.dispose()
      return slopes
    }
    const run = async (): Promise<number> => {
      const end = await dormandPrince(velocity, start, { start: 1, end: 1e-3, tolerance: 1e-5 })
      return end.reduce((sum, value) => sum + Math.abs(value), 0) / end.length
    }
    return { run, dispose: () => tf.dispose(weights) }
  },
  conv: async (work) => {
    const [x, filter] = Object.values(images(work)).map((one) => tensor<tf.Tensor4D>(one))
    return { run: reading(() => meanSize(conv(x!, filter!))), dispose: () => tf.dispose([x!, filter!]) }
  },
  'conv-gradients': async (work) => {
    const [x, filter] = Object.values(images(work)).map((one) => tensor<tf.Tensor4D>(one))
    const both = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(tf.square(conv(a as tf.Tensor4D, b as tf.Tensor4D))),
    )
    return {
      run: reading(() => tf.addN(both([x!, filter!]).map(meanSize))),
      dispose: () => tf.dispose([x!, filter!]),
    }
  },
  matmul: async ({ size }) => {
    const [a, b] = Object.values(matrices(size)).map((one) => tensor<tf.Tensor2D>(one))
    return { run: reading(() => meanSize(tf.matMul(a!, b!))), dispose: () => tf.dispose([a!, b!]) }
  },
}

await serve(`tfjs ${tf.version.tfjs}`, makers)
