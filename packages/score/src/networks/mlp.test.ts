import {
  key,
  type NamedTensors,
  neg,
  normal,
  softplus,
  sumRows,
  tensor,
  valueAndGrad,
  vjp,
} from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { draw } from './blocks/block'
import { mlp } from './mlp'
import { bind, mapNetwork } from './network'
import { gaussianFourier, levelTable, noTime, rawTime, sinusoidal } from './time-embedding'

const x = tensor([
  [0.5, -1],
  [2, 0.3],
])
const t = tensor([0.2, 0.9])

async function hostCopy(parameters: NamedTensors): Promise<Record<string, ArrayLike<number>>> {
  return Object.fromEntries(
    await Promise.all(Object.entries(parameters).map(async ([name, p]) => [name, await p.data()] as const)),
  )
}

/** A row through dense layers in float64. */
function reference(p: Record<string, ArrayLike<number>>, row: number[], activation: (v: number) => number) {
  let h = row
  const last = Object.keys(p).filter((name) => name.endsWith('.weight')).length - 1
  for (let i = 0; i <= last; i++) {
    const [w, b] = [p[`layers.${i}.weight`]!, p[`layers.${i}.bias`]!]
    const outputs = b.length
    const input = h
    h = Array.from({ length: outputs }, (_, j) =>
      input.reduce((s, v, k) => s + v * w[k * outputs + j]!, b[j]!),
    )
    if (i < last) h = h.map(activation)
  }
  return h
}

describe('mlp', () => {
  it('computes dense layers over (x, t) with an activation between', async () => {
    const network = mlp({ hidden: [5, 4] })
    const parameters = network.init(key(1))
    const p = await hostCopy(parameters)
    const swish = (v: number) => v / (1 + Math.exp(-v))
    const exact = [reference(p, [0.5, -1, 0.2], swish), reference(p, [2, 0.3, 0.9], swish)].flat()
    await expectNear(network.apply(parameters, x, t), exact)
  })

  it('without time does not depend on it', async () => {
    const network = mlp({ hidden: [6], activation: softplus, time: noTime })
    const parameters = network.init(key(2))
    const p = await hostCopy(parameters)
    const exact = [0, 1].flatMap((i) =>
      reference(
        p,
        [
          [0.5, -1],
          [2, 0.3],
        ][i]!,
        (v) => Math.log1p(Math.exp(v)),
      ),
    )
    await expectNear(network.apply(parameters, x, t), exact)
  })

  it('draws weights of variance scale²/inputs and zero biases', async () => {
    const p = await hostCopy(mlp({ hidden: [200, 100], outputScale: 0.1 }).init(key(3)))
    const wanted = { 'layers.0.weight': 1 / 3, 'layers.1.weight': 1 / 200, 'layers.2.weight': 0.01 / 100 }
    for (const [name, variance] of Object.entries(wanted)) {
      const values = Array.from(p[name]!)
      const measured = values.reduce((s, v) => s + v * v, 0) / values.length
      // The mean of n squares of normals has relative standard error √(2/n).
      expect(Math.abs(measured / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length))
    }
    for (const i of [0, 1, 2]) expect(Array.from(p[`layers.${i}.bias`]!).every((v) => v === 0)).toBe(true)
  })

  it('gives each layer its own key: two keys differ, one repeats', async () => {
    const network = mlp({ hidden: [3] })
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => hostCopy(network.init(key(seed)))))
    expect(a).toEqual(b)
    expect(a!['layers.0.weight']).not.toEqual(c!['layers.0.weight'])
    const wider = await hostCopy(mlp({ hidden: [7] }).init(key(1)))
    expect(wider['layers.1.bias']).toEqual(a!['layers.1.bias'])
  })

  it('keeps the shape of rows, or gives `outputs` numbers', () => {
    const images = normal(key(0), [3, 2, 2, 1])
    const times = tensor([0, 0.5, 1])
    const network = mlp({ dims: 4, hidden: [3] })
    const parameters = network.init(key(0))
    expect(expectNoLeaks(() => network.apply(parameters, images, times)).shape).toEqual([3, 2, 2, 1])
    const classifier = mlp({ dims: 4, hidden: [3], outputs: 10 })
    expect(classifier.apply(classifier.init(key(0)), images, times).shape).toEqual([3, 10])
  })

  it('has parameter gradients that agree with finite differences', async () => {
    const network = mlp({ hidden: [4], time: gaussianFourier({ size: 4, scale: 1 }) })
    const parameters = network.init(key(5))
    const loss = (p: NamedTensors) => sumRows(network.apply(p, x, t))
    const { gradient } = valueAndGrad<NamedTensors, []>(loss)(parameters)
    for (const name of Object.keys(parameters)) {
      const exact = await gradient[name]!.data()
      if (name === 'time.frequencies') {
        expect(exact.every((v) => v === 0)).toBe(true)
        continue
      }
      const values = await parameters[name]!.data()
      const at = async (shift: number) => {
        const moved = Float32Array.from(values, (v, i) => (i === 0 ? v + shift : v))
        const rows = await loss({ ...parameters, [name]: tensor(moved, parameters[name]!.shape) }).data()
        return rows[0]! + rows[1]!
      }
      // Central difference at h = 0.01: truncation h² ≈ 1e-4 and rounding 1e-7/h ≈ 1e-5 of values near 1.
      expect(Math.abs(((await at(0.01)) - (await at(-0.01))) / 0.02 - exact[0]!)).toBeLessThan(1e-3)
    }
  })

  it('refuses what makes no network', () => {
    expect(() => mlp({ hidden: [0] })).toThrow('mlp: expected widths to be integers >= 1, got 0')
    expect(() => mlp({ outputScale: -1 })).toThrow('mlp: expected outputScale >= 0, got -1')
    const network = mlp({ dims: 3 })
    expect(() => network.apply(network.init(key(0)), x, t)).toThrow(
      'mlp: expected x of 3 numbers a row, got shape [2, 2]',
    )
  })
})

describe('time embeddings', () => {
  it('sinusoidal features are DDPM’s: sin and cos of 999 t / 10000^(k/(n/2 − 1))', async () => {
    const features = sinusoidal({ size: 6 })
      .block('time')
      .apply({}, tensor([7 / 999]))
    const angles = [7, 7 / 100, 7 / 10_000]
    await expectNear(features, [...angles.map(Math.sin), ...angles.map(Math.cos)])
  })

  it('Gaussian Fourier features are sin and cos of 2πwt with w ~ N(0, scale²)', async () => {
    const embedding = gaussianFourier({ size: 4, scale: 2 }).block('time')
    const parameters = draw(embedding.parameters, key(3))
    const [w0, w1] = await parameters['time.frequencies']!.data()
    const angles = [w0!, w1!].map((w) => 2 * Math.PI * w * 0.3)
    await expectNear(embedding.apply(parameters, tensor([0.3])), [
      ...angles.map(Math.sin),
      ...angles.map(Math.cos),
    ])
    const { parameters: wide } = gaussianFourier({ size: 20_000, scale: 2 }).block('w')
    const many = Float64Array.from(await draw(wide, key(4))['w.frequencies']!.data())
    const variance = many.reduce((s: number, w: number) => s + w * w, 0) / many.length
    expect(Math.abs(variance / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / many.length))
  })

  it('a level table looks up rows and passes gradients to them alone', async () => {
    const embedding = levelTable({ levels: 3, size: 2 }).block('time')
    const parameters = draw(embedding.parameters, key(1))
    const rows = await parameters['time.table']!.data()
    const picked = tensor([2, 0, 2])
    await expectNear(
      embedding.apply(parameters, picked),
      [4, 5, 0, 1, 4, 5].map((i) => rows[i]!),
    )
    const { vjp: gradient } = vjp(
      (table) => embedding.apply({ 'time.table': table }, picked),
      parameters['time.table']!,
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    )
    await expectNear(gradient, [3, 4, 0, 0, 6, 8])
  })

  it('refuse sizes they cannot have', () => {
    expect(() => gaussianFourier({ size: 3 })).toThrow(
      'gaussianFourier: expected size to be an even integer >= 2',
    )
    expect(() => gaussianFourier({ scale: 0 })).toThrow('scale > 0')
    expect(() => sinusoidal({ size: 2 })).toThrow(
      'sinusoidal: expected size to be an even integer >= 4, got 2',
    )
    expect(() => sinusoidal({ maxPeriod: 1 })).toThrow('maxPeriod > 1')
    expect(() => levelTable({ levels: 0 })).toThrow(
      'levelTable: expected levels to be an integer >= 1, got 0',
    )
  })

  it.each([
    [gaussianFourier(), 'gaussianFourier', 'time.frequencies'],
    [levelTable(), 'levelTable', 'time.table'],
  ])('say what parameters they lack', ({ block }, where, name) => {
    const { apply } = block('time')
    expect(() => apply(undefined as never, t)).toThrow(`${where}: expected parameters by name, got undefined`)
    expect(() => apply({}, t)).toThrow(`${where}: expected ${name} to be a tensor, got undefined`)
  })

  it.each([
    ['gaussianFourier', gaussianFourier()],
    ['levelTable', levelTable()],
    ['sinusoidal', sinusoidal()],
    ['noTime', noTime],
    ['rawTime', rawTime],
  ])('%s says that it lacks a time', (where, { block }) => {
    const { parameters, apply } = block('time')
    expect(() => apply(draw(parameters, key(0)), undefined as never)).toThrow(
      `${where}: expected t to be a tensor, got undefined`,
    )
  })
})

describe('mapNetwork', () => {
  it('wraps the function of every parameter set', async () => {
    const network = mlp({ hidden: [3] })
    const negated = mapNetwork(network, (f) => (y, s) => neg(f(y, s)))
    const parameters = negated.init(key(9))
    await expectNear(bind(negated, parameters)(x, t), neg(bind(network, parameters)(x, t)))
  })
})
