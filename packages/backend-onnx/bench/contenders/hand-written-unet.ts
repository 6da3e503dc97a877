import type { Builder } from '../../src/builder'
import { type Filled, filled, numbers } from '../work'
import { adam, first, type Model, map, trained, updated } from './hand-written'

/**
 * The tutorial's levels: a filter 3×3 from so many channels to so many, its stride and groups; how many pixels at the far edge a filter
 * passes over, or a transposed one adds.
 */
const LEVELS = [
  { name: 'down0', from: 1, to: 32, stride: 1, groups: 4, over: 0 },
  { name: 'down1', from: 32, to: 64, stride: 2, groups: 32, over: 1 },
  { name: 'down2', from: 64, to: 128, stride: 2, groups: 32, over: 1 },
  { name: 'down3', from: 128, to: 256, stride: 2, groups: 32, over: 0 },
  { name: 'up3', from: 256, to: 128, stride: 2, groups: 32, extra: 0 },
  { name: 'up2', from: 256, to: 64, stride: 2, groups: 32, extra: 1 },
  { name: 'up1', from: 128, to: 32, stride: 2, groups: 32, extra: 1 },
  { name: 'up0', from: 64, to: 1, stride: 1, groups: 0, extra: 0 },
] as const
type Level = (typeof LEVELS)[number]

const FEATURES = 256
const EPSILON = 1e-5

function parameters(): Record<string, Filled> {
  const all: Record<string, Filled> = {
    embed: filled([FEATURES, FEATURES], 40, 0.1),
    embed_bias: filled([FEATURES], 41, 0.1),
  }
  LEVELS.forEach(({ name, from, to, groups, ...level }, i) => {
    all[`${name}_filter`] = filled('extra' in level ? [from, to, 3, 3] : [to, from, 3, 3], 50 + i, 0.1)
    if (groups === 0) return
    all[`${name}_time`] = filled([FEATURES, to], 60 + i, 0.1)
    all[`${name}_time_bias`] = filled([to], 70 + i, 0.1)
    all[`${name}_scale`] = { data: new Float32Array(to).fill(1), shape: [to, 1, 1] }
    all[`${name}_shift`] = filled([to, 1, 1], 0, 0)
  })
  return all
}

function data(batch: number): Record<'x' | 't' | 'z', Filled> {
  const t = filled([batch, 1], 81, 0.5)
  return {
    x: filled([batch, 1, 28, 28], 80),
    t: { ...t, data: t.data.map((value) => value + 0.5) },
    z: filled([batch, 1, 28, 28], 82, Math.sqrt(3)),
  }
}

/** What a part of the network computed, and how to go back through it. */
interface Part {
  readonly y: string
  /** The gradient at the output → the gradient at the input; those of parameters go to `gradients`. */
  readonly back: (dy: string) => string
}

class Unet {
  readonly gradients: Record<string, string> = {}
  readonly #b: Builder
  readonly #batch: number
  readonly #weight: (name: string) => string

  /** @param weight The name that a parameter has in the model. */
  constructor(b: Builder, batch: number, weight: (name: string) => string) {
    this.#b = b
    this.#batch = batch
    this.#weight = weight
  }

  network(x: string, t: string): Part {
    const b = this.#b
    const frequencies = b.constant(numbers(FEATURES / 2, 42, 50), [1, FEATURES / 2], 'float32')
    const angle = b.op('Mul', [b.op('Mul', [t, frequencies]), b.float(2 * Math.PI)])
    const features = b.op('Concat', [b.op('Sin', [angle]), b.op('Cos', [angle])], { axis: 1 })
    const hidden = this.#swish(b.op('Gemm', [features, this.#weight('embed'), this.#weight('embed_bias')]))
    const embedding = hidden.y
    const dEmbedding: string[] = []
    const down: Part[] = []
    const up: Part[] = []
    let h = x
    for (const level of LEVELS.slice(0, 4)) {
      down.push(this.#level(level, h, embedding, dEmbedding))
      h = down.at(-1)!.y
    }
    for (const [i, level] of LEVELS.slice(4).entries()) {
      if (i > 0) h = b.op('Concat', [h, down[3 - i]!.y], { axis: 1 })
      up.push(level.groups === 0 ? this.#filter(level, h) : this.#level(level, h, embedding, dEmbedding))
      h = up.at(-1)!.y
    }
    const back = (dy: string): string => {
      const skips: string[] = []
      let d = dy
      for (let i = 3; i >= 0; i--) {
        d = up[i]!.back(d)
        if (i === 0) break
        const { to } = LEVELS[3 + i]!
        const [own, skip] = b.ops('Split', [d, b.ints([to, to])], 2, { axis: 1 })
        skips[3 - i] = skip!
        d = own!
      }
      for (let i = 3; i >= 0; i--) d = down[i]!.back(skips[i] ? b.op('Add', [d, skips[i]!]) : d)
      const dHidden = hidden.back(dEmbedding.reduce((a, c) => b.op('Add', [a, c])))
      this.gradients.embed = b.op('Gemm', [features, dHidden], { transA: 1 })
      this.gradients.embed_bias = this.#sum(dHidden, [0])
      return d
    }
    return { y: h, back }
  }

  /** A filter, the time's features added, group normalisation, swish. */
  #level(level: Level, x: string, embedding: string, dEmbedding: string[]): Part {
    const b = this.#b
    const { name, to, groups } = level
    const filter = this.#filter(level, x)
    const time = b.op('Gemm', [embedding, this.#weight(`${name}_time`), this.#weight(`${name}_time_bias`)])
    const wide = b.op('Reshape', [time, b.ints([this.#batch, to, 1, 1])])
    const h = b.op('Add', [filter.y, wide])
    const shape = b.op('Shape', [h])
    const grouped = (value: string): string => b.op('Reshape', [value, b.ints([this.#batch, groups, -1])])
    const mean = (value: string): string => b.op('ReduceMean', [value, b.ints([2])])
    const centred = b.op('Sub', [grouped(h), mean(grouped(h))])
    const variance = mean(b.op('Mul', [centred, centred]))
    const deviation = b.op('Sqrt', [b.op('Add', [variance, b.float(EPSILON)])])
    const normal = b.op('Div', [centred, deviation])
    const flat = b.op('Reshape', [normal, shape])
    const [scale, shift] = [this.#weight(`${name}_scale`), this.#weight(`${name}_shift`)]
    const swish = this.#swish(b.op('Add', [b.op('Mul', [flat, scale]), shift]))
    const back = (dy: string): string => {
      const d = swish.back(dy)
      const perChannel = (value: string): string =>
        b.op('Reshape', [this.#sum(value, [0, 2, 3]), b.ints([to, 1, 1])])
      this.gradients[`${name}_scale`] = perChannel(b.op('Mul', [d, flat]))
      this.gradients[`${name}_shift`] = perChannel(d)
      const dNormal = grouped(b.op('Mul', [d, scale]))
      const along = b.op('Mul', [normal, mean(b.op('Mul', [dNormal, normal]))])
      const across = b.op('Sub', [b.op('Sub', [dNormal, mean(dNormal)]), along])
      const dh = b.op('Reshape', [b.op('Div', [across, deviation]), shape])
      const dTime = this.#sum(dh, [2, 3])
      this.gradients[`${name}_time`] = b.op('Gemm', [embedding, dTime], { transA: 1 })
      this.gradients[`${name}_time_bias`] = this.#sum(dTime, [0])
      dEmbedding.push(b.op('Gemm', [dTime, this.#weight(`${name}_time`)], { transB: 1 }))
      return filter.back(dh)
    }
    return { y: swish.y, back }
  }

  #filter({ name, from, stride, ...level }: Level, x: string): Part {
    const b = this.#b
    const filter = this.#weight(`${name}_filter`)
    const strides = [stride, stride]
    const transposed = 'extra' in level
    const padding = transposed ? { output_padding: [level.extra, level.extra] } : {}
    const y = b.op(transposed ? 'ConvTranspose' : 'Conv', [x, filter], { strides, ...padding })
    const back = (dy: string): string => {
      const [large, small] = transposed ? [dy, x] : [x, dy]
      const exchanged = (value: string): string => b.op('Transpose', [value], { perm: [1, 0, 2, 3] })
      const correlation = b.op('Conv', [exchanged(large), exchanged(small)], { dilations: strides })
      const corner = b.op('Slice', [correlation, b.ints([0, 0]), b.ints([3, 3]), b.ints([2, 3])])
      this.gradients[`${name}_filter`] = exchanged(corner)
      if (transposed) return b.op('Conv', [dy, filter], { strides })
      if (from === 1) return ''
      return b.op('ConvTranspose', [dy, filter], { strides, output_padding: [level.over, level.over] })
    }
    return { y, back }
  }

  #swish(x: string): Part {
    const b = this.#b
    const slope = b.op('Sigmoid', [x])
    const y = b.op('Mul', [x, slope])
    const back = (dy: string): string => {
      const rest = b.op('Mul', [x, b.op('Sub', [b.float(1), slope])])
      return b.op('Mul', [dy, b.op('Mul', [slope, b.op('Add', [rest, b.float(1)])])])
    }
    return { y, back }
  }

  #sum(x: string, axes: number[]): string {
    return this.#b.op('ReduceSum', [x, this.#b.ints(axes)], { keepdims: 0 })
  }
}

/** A training step: denoising at σ = 1, gradients and Adam by hand. */
export function unetStep(batch: number): Model {
  const state = trained(parameters())
  return {
    write: (b) => {
      const unet = new Unet(b, batch, (name) => name)
      const { y, back } = unet.network(b.op('Add', ['x', 'z']), 't')
      const residual = b.op('Add', [y, 'z'])
      const squares = b.op('ReduceSumSquare', [residual], { keepdims: 0 })
      back(b.op('Mul', [residual, b.float(2 / batch)]))
      return { y: b.op('Mul', [squares, b.float(1 / batch)]), ...adam(b, unet.gradients) }
    },
    inputs: { ...data(batch), ...state },
    outputs: { y: [], ...updated(state) },
    read: first,
  }
}

/** Trained weights are constants. */
function constants(b: Builder): (name: string) => string {
  const names = map(parameters(), ({ data, shape }) => b.constant(data, shape, 'float32'))
  return (name) => names[name]!
}

/** An evaluation and what a sampler does with it. */
export function unetSample(batch: number): Model {
  const { x, t, z } = data(batch)
  return {
    write: (b) => {
      const { y } = new Unet(b, batch, constants(b)).network('x', 't')
      const mean = b.op('Mul', [b.op('Add', ['x', y]), b.float(1.001)])
      return { y: b.op('Add', [mean, b.op('Mul', ['z', b.float(0.1)])]) }
    },
    inputs: { x, t, z },
    outputs: { y: x.shape },
    read: first,
  }
}

/** The tutorial's score: the network over the standard deviation at σ = 25. */
export function unetScore(batch: number): Model {
  const { x, t } = data(batch)
  const rate = 2 * Math.log(25)
  return {
    write: (b) => {
      const { y } = new Unet(b, batch, constants(b)).network('x', 't')
      const growth = b.op('Sub', [b.op('Exp', [b.op('Mul', ['t', b.float(rate)])]), b.float(1)])
      const deviation = b.op('Sqrt', [b.op('Mul', [growth, b.float(1 / rate)])])
      return { y: b.op('Div', [y, b.op('Reshape', [deviation, b.ints([batch, 1, 1, 1])])]) }
    },
    inputs: { x, t },
    outputs: { y: x.shape },
    read: first,
  }
}
