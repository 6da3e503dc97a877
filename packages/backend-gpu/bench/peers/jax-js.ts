/** jax-js, jitted for WebGPU. */

import {
  blockUntilReady,
  defaultDevice,
  init,
  type Array as JaxArray,
  jit,
  lax,
  nn,
  numpy as np,
  random,
  valueAndGrad,
  vjp,
} from '@jax-js/jax'
import { serve } from '../serve'
import type { Job, Makers, WorkOf } from '../work'

type Weights = Record<string, JaxArray>

const refs = (weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, x]) => [name, x.ref]))

const jitted = <F>(fn: F): F => jit(fn as never) as unknown as F

const normal = (seed: number, shape: number[]): JaxArray => random.normal(random.key(seed), shape)

/** Weights of x, t → score in the plane. */
function weights(width: number): Weights {
  const sizes = [3, width, width, width, 2]
  return Object.fromEntries(
    sizes.slice(1).flatMap((outputs, i) => {
      const inputs = sizes[i]!
      return [
        [`w${i}`, normal(i, [inputs, outputs]).mul(1 / Math.sqrt(inputs))],
        [`b${i}`, np.zeros([outputs])],
      ]
    }),
  )
}

/** The score of x `[B, 2]` at times t `[B, 1]`. */
function score(p: Weights, x: JaxArray, t: JaxArray): JaxArray {
  let h = np.concatenate([x, t], 1)
  for (let i = 0; i < 4; i++) {
    h = np.matmul(h, p[`w${i}`]!).add(p[`b${i}`]!)
    if (i < 3) h = nn.silu(h)
  }
  return h
}

/** α² of the process at times t. */
const signal = (t: JaxArray): JaxArray => np.exp(t.ref.mul(-9.95).sub(0.1).mul(t))

/** The loss of denoising score matching, ‖σs + z‖². */
function loss(p: Weights, x: JaxArray, t: JaxArray, z: JaxArray): JaxArray {
  const alpha2 = signal(t.ref)
  const sigma = np.sqrt(np.subtract(1, alpha2.ref))
  const noisy = np.sqrt(alpha2).mul(x).add(sigma.ref.mul(z.ref))
  return np
    .square(score(p, noisy, t).mul(sigma).add(z))
    .sum(1)
    .mean()
}

interface Adam {
  readonly p: Weights
  readonly m: Weights
  readonly v: Weights
}

function adam({ p, m, v }: Adam, x: JaxArray, seed: JaxArray): Adam {
  const [batch] = x.shape as [number, number]
  const [timeKey, noiseKey] = random.split(seed, 2) as Iterable<JaxArray>
  const t = random.uniform(timeKey!, [batch, 1])
  const z = random.normal(noiseKey!, [batch, 2])
  const [value, gradient] = (valueAndGrad(loss as never) as unknown as (...args: unknown[]) => unknown)(
    refs(p),
    x,
    t,
    z,
  ) as [JaxArray, Weights]
  value.dispose()
  const next = { p: {} as Weights, m: {} as Weights, v: {} as Weights }
  for (const [name, g] of Object.entries(gradient)) {
    const m2 = m[name]!.mul(0.9).add(g.ref.mul(0.1))
    const v2 = v[name]!.mul(0.999).add(np.square(g).mul(0.001))
    next.p[name] = p[name]!.sub(m2.ref.div(np.sqrt(v2.ref).add(1e-8)).mul(1e-3))
    next.m[name] = m2
    next.v[name] = v2
  }
  return next
}

/** Work of one function, called again and again with the same arguments. */
function call(calls: number, fn: (...args: JaxArray[]) => JaxArray | JaxArray[], args: JaxArray[]): Job {
  const ready = jitted(fn)
  return {
    async run() {
      for (let i = 0; i < calls; i++) {
        const made = [ready(...args.map((x) => x.ref))].flat()
        if (i === calls - 1) await blockUntilReady(made)
        for (const x of made) x.dispose()
      }
    },
    dispose() {
      for (const x of args) x.dispose()
    },
  }
}

/** jax-js convolves images `[B, C, H, W]` by filters `[O, I, h, w]`. */
const images = ({ batch, size, channels }: WorkOf<'conv' | 'conv-gradients'>, seed: number): JaxArray =>
  normal(seed, [batch, channels, size, size])
const filters = ({ channels }: WorkOf<'conv' | 'conv-gradients'>): JaxArray =>
  normal(1, [channels, channels, 3, 3])
const conv = (x: JaxArray, filter: JaxArray): JaxArray => lax.convGeneralDilated(x, filter, [1, 1], 'SAME')

const sampling =
  (corrects: boolean) =>
  async ({ width, batch, calls }: WorkOf<'euler-maruyama' | 'predictor-corrector'>): Promise<Job> => {
    const p = weights(width)
    const step = jitted((p: Weights, x: JaxArray, t: JaxArray, seed: JaxArray): JaxArray => {
      const [first, second] = random.split(seed, 2) as Iterable<JaxArray>
      const times = np.broadcastTo(t.ref, [batch, 1])
      let y = x
      if (corrects) {
        const size = np.subtract(1, signal(t.ref)).mul(2 * 0.16 ** 2)
        const moved = size.ref.mul(score(refs(p), y.ref, times.ref))
        y = y.add(moved).add(np.sqrt(size.mul(2)).mul(random.normal(first!, [batch, 2])))
      } else first!.dispose()
      const beta = t
        .mul(19.9)
        .add(0.1)
        .mul(1 / calls)
      const moved = y.ref.mul(0.5).add(score(p, y.ref, times))
      return y.add(beta.ref.mul(moved)).add(np.sqrt(beta).mul(random.normal(second!, [batch, 2])))
    })
    return {
      async run() {
        let x = normal(0, [batch, 2])
        for (let i = 0; i < calls; i++) x = step(refs(p), x, np.array([1 - i / calls]), random.key(i))
        await blockUntilReady(x)
        x.dispose()
      },
    }
  }

const noUnet = 'this network is not written in jax-js'

const makers: Makers = {
  async 'mlp-step'({ width, batch, calls }) {
    let state: Adam = { p: weights(width), m: zerosOf(weights(width)), v: zerosOf(weights(width)) }
    const x = normal(9, [batch, 2])
    const step = jitted(adam)
    return {
      async run() {
        for (let i = 0; i < calls; i++) state = step(state, x.ref, random.key(i))
        await blockUntilReady(state.p)
      },
    }
  },
  'unet-step': noUnet,
  'unet-score': noUnet,
  conv: async (work) => call(work.calls, conv as never, [images(work, 0), filters(work)]),
  'conv-gradients': async (work) =>
    call(
      work.calls,
      (x, filter, dy) => {
        const [y, back] = vjp(conv as never, [x, filter] as never) as unknown as [
          JaxArray,
          (dy: JaxArray) => JaxArray[],
        ]
        y.dispose()
        return back(dy!)
      },
      [images(work, 0), filters(work), images(work, 2)],
    ),
  matmul: async ({ size, calls }) =>
    call(calls, (a, b) => np.matmul(a!, b!), [normal(0, [size, size]), normal(1, [size, size])]),
  'euler-maruyama': sampling(false),
  'predictor-corrector': sampling(true),
  normals: async ({ count, calls }) => call(calls, (seed) => random.normal(seed!, [count]), [random.key(0)]),
}

function zerosOf(p: Weights): Weights {
  return Object.fromEntries(Object.entries(p).map(([name, x]) => [name, np.zerosLike(x)]))
}

await serve(async () => {
  // Node 20 has no navigator of its own, and jax-js asks it for its name.
  Object.assign(navigator, { userAgent: navigator.userAgent ?? 'Node' })
  const devices = await init('webgpu')
  if (!devices.includes('webgpu')) throw new Error('jax-js found no WebGPU')
  defaultDevice('webgpu')
  return { name: 'jax-js on webgpu', makers }
})
