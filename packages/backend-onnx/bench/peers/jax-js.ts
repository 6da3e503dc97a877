/** jax-js, jitted for WebAssembly. */

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  defaultDevice,
  grad,
  init,
  type Array as JaxArray,
  jit,
  lax,
  nn,
  numpy as np,
  valueAndGrad,
} from '@jax-js/jax'
import { type Filled, images, type Makers, matrices, mlpParameters, points } from '../work'
import { serve } from './serve'

type Weights = Record<string, JaxArray>

const array = ({ data, shape }: Filled): JaxArray =>
  np.array(data as Float32Array<ArrayBuffer>).reshape(shape)
const column = ({ data, shape }: Filled): JaxArray => array({ data, shape: [...shape, 1] })
const refs = (weights: Weights): Weights => map(weights, (x) => x.ref)

function map<A, B>(all: Record<string, A>, fn: (one: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, fn(one)]))
}

function forward(p: Weights, x: JaxArray, t: JaxArray): JaxArray {
  let h = np.concatenate([x, t], 1)
  for (let i = 0; i < 4; i++) {
    h = np.matmul(h, p[`w${i}`]!).add(p[`b${i}`]!)
    if (i < 3) h = nn.softplus(h)
  }
  return h
}

const loss = (p: Weights, x: JaxArray, t: JaxArray, z: JaxArray): JaxArray =>
  np
    .square(forward(p, x.add(z.ref), t).add(z))
    .sum(1)
    .mean()

type Step = (
  p: Weights,
  m: Weights,
  v: Weights,
  x: JaxArray,
  t: JaxArray,
  z: JaxArray,
) => [Weights, Weights, Weights, JaxArray]

const step: Step = (p, m, v, x, t, z) => {
  const [value, gradient] = (valueAndGrad(loss as never) as unknown as typeof loss)(
    refs(p),
    x,
    t,
    z,
  ) as unknown as [JaxArray, Weights]
  const [nextP, nextM, nextV]: [Weights, Weights, Weights] = [{}, {}, {}]
  for (const [name, g] of Object.entries(gradient)) {
    const m2 = m[name]!.mul(0.9).add(g.ref.mul(0.1))
    const v2 = v[name]!.mul(0.999).add(np.square(g).mul(0.001))
    nextP[name] = p[name]!.sub(m2.ref.div(np.sqrt(v2.ref).add(1e-8)).mul(1e-3))
    nextM[name] = m2
    nextV[name] = v2
  }
  return [nextP, nextM, nextV, value]
}

/** jax-js convolves images `[B, C, H, W]` by filters `[O, I, h, w]`. */
function channelsFirst({ x, filter }: ReturnType<typeof images>): [JaxArray, JaxArray] {
  return [np.transpose(array(x), [0, 3, 1, 2]), np.transpose(array(filter), [3, 2, 0, 1])]
}

const conv = (x: JaxArray, filter: JaxArray): JaxArray => lax.convGeneralDilated(x, filter, [1, 1], 'SAME')

const jitted = <F>(fn: F): F => jit(fn as never) as unknown as F

const makers: Makers = {
  'mlp-step': async ({ width, batch }) => {
    let p = map(mlpParameters(width), array)
    let [m, v] = [0, 0].map(() =>
      map(mlpParameters(width), ({ data, shape }) => array({ data: data.map(() => 0), shape })),
    ) as [Weights, Weights]
    const data = points(batch)
    const [x, t, z] = [array(data.x), column(data.t), array(data.z)]
    const call = jitted(step)
    const run = async (): Promise<number> => {
      const [nextP, nextM, nextV, value] = call(p, m, v, x.ref, t.ref, z.ref)
      ;[p, m, v] = [nextP, nextM, nextV]
      return (await value.data())[0]!
    }
    return { run }
  },
  'mlp-score': async ({ width, batch }) => {
    const p = map(mlpParameters(width), array)
    const data = points(batch)
    const [x, t] = [array(data.x), column(data.t)]
    const call = jitted(forward)
    return { run: async () => (await call(refs(p), x.ref, t.ref).data())[0]! }
  },
  conv: async (work) => {
    const [x, filter] = channelsFirst(images(work))
    const call = jitted((a: JaxArray, b: JaxArray): JaxArray => np.abs(conv(a, b)).mean())
    return { run: async () => (await call(x.ref, filter.ref).data())[0]! }
  },
  'conv-gradients': async (work) => {
    const [x, filter] = channelsFirst(images(work))
    const loss = (a: JaxArray, b: JaxArray): JaxArray => np.square(conv(a, b)).sum()
    const gradients = grad(loss as never, { argnums: [0, 1] } as never) as unknown as (
      a: JaxArray,
      b: JaxArray,
    ) => JaxArray[]
    const call = jitted((a: JaxArray, b: JaxArray): JaxArray => {
      const [dx, dFilter] = gradients(a, b)
      return np.abs(dx!).mean().add(np.abs(dFilter!).mean())
    })
    return { run: async () => (await call(x.ref, filter.ref).data())[0]! }
  },
  matmul: async ({ size }) => {
    const [a, b] = Object.values(matrices(size)).map(array)
    const call = jitted((c: JaxArray, d: JaxArray): JaxArray => np.abs(np.matmul(c, d)).mean())
    return { run: async () => (await call(a!.ref, b!.ref).data())[0]! }
  },
}

await init('wasm')
defaultDevice('wasm')
const require = createRequire(import.meta.url)
const { version } = require(join(dirname(require.resolve('@jax-js/jax')), '../package.json')) as {
  version: string
}
await serve(`jax-js ${version}`, makers)
