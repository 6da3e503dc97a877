import { defaultDevice, init, type Array as JaxArray, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax'
import { layers } from './mlp'
import type { Runner } from './table'

type Weights = Record<string, JaxArray>

function fill(shape: readonly number[], scale = 0.1): JaxArray {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => scale * Math.sin(i))
  return np.array(data).reshape([...shape])
}

const refs = (weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, x]) => [name, x.ref]))

function forward(p: Weights, x: JaxArray, t: JaxArray): JaxArray {
  let h = np.concatenate([x, t], 1)
  for (let i = 0; i < 4; i++) {
    h = np.matmul(h, p[`w${i}`]!).add(p[`b${i}`]!)
    if (i < 3) h = nn.softplus(h)
  }
  return h
}

function weights(width: number, scale: number): Weights {
  const sizes = layers(width)
  return Object.fromEntries(
    sizes.slice(1).flatMap((size, i) => [
      [`w${i}`, fill([sizes[i]!, size], scale)],
      [`b${i}`, fill([size], 0)],
    ]),
  )
}

async function start(): Promise<void> {
  await init('wasm')
  defaultDevice('wasm')
}

/** jax-js's forward pass, jitted for WASM. */
export async function jaxForward(width: number, batch: number): Promise<Runner> {
  await start()
  const p = weights(width, 0.1)
  const [x, t] = [fill([batch, 2]), fill([batch, 1])]
  const call = jit(forward as never) as unknown as typeof forward
  return { name: 'jax-js wasm jit', run: async () => call(refs(p), x.ref, t.ref).data() }
}

/** jax-js's training step, jitted whole for WASM. */
export async function jaxStep(width: number, batch: number): Promise<Runner> {
  await start()
  let [p, m, v] = [weights(width, 0.1), weights(width, 0), weights(width, 0)]
  const [x, t, z] = [fill([batch, 2]), fill([batch, 1]), fill([batch, 2])]
  const loss = (q: Weights, a: JaxArray, b: JaxArray, c: JaxArray): JaxArray =>
    np
      .square(forward(q, a.add(c.ref), b).add(c))
      .sum(1)
      .mean()
  const step = (q: Weights, ms: Weights, vs: Weights, a: JaxArray, b: JaxArray, c: JaxArray) => {
    const [value, gradient] = (valueAndGrad(loss as never) as unknown as typeof loss)(
      refs(q),
      a,
      b,
      c,
    ) as unknown as [JaxArray, Weights]
    const [nq, nm, nv]: [Weights, Weights, Weights] = [{}, {}, {}]
    for (const [name, g] of Object.entries(gradient)) {
      const m2 = ms[name]!.mul(0.9).add(g.ref.mul(0.1))
      const v2 = vs[name]!.mul(0.999).add(np.square(g).mul(0.001))
      nq[name] = q[name]!.sub(m2.ref.div(np.sqrt(v2.ref).add(1e-8)).mul(1e-3))
      nm[name] = m2
      nv[name] = v2
    }
    return [nq, nm, nv, value]
  }
  const call = jit(step as never) as unknown as (...args: unknown[]) => [Weights, Weights, Weights, JaxArray]
  const run = async (): Promise<unknown> => {
    const [nq, nm, nv, value] = call(p, m, v, x.ref, t.ref, z.ref)
    ;[p, m, v] = [nq, nm, nv]
    return value.data()
  }
  return { name: 'jax-js wasm jit', run }
}
