import {
  add,
  concat,
  dispose,
  div,
  expected,
  mean,
  mul,
  slice,
  sqrt,
  square,
  sub,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import { checkFinite, checkHalfOpen, checkTensors, isTensor, objectOf, optionsOf } from '@sgm/tensor/check'
import type { OnnxInputs } from './feeds'

/** Options of classifier-free guidance in one call. */
export interface OnnxGuidanceOptions {
  /** What the model is conditioned on, by input. */
  readonly conditional: OnnxInputs
  /** The same inputs without the condition, or with what to keep away from: a negative prompt. */
  readonly unconditional: OnnxInputs
  /** Further inputs that both have, as the model takes them for the two together. @default none */
  readonly shared?: OnnxInputs
  /** w: 0 is unconditional, 1 conditional, more sharpens. @default 7.5 */
  readonly scale?: number
  /** φ in [0, 1]: how far the prediction's deviation is brought back to that of the conditional one. @default 0 */
  readonly rescale?: number
}

type Model = (x: Tensor, t: Tensor, inputs: OnnxInputs) => Promise<Tensor>

/**
 * p = u + w (c − u), both of one call on a batch twice as long; with φ > 0, φ p std(c)/std(p) + (1 − φ) p, deviations over all but the rows.
 *
 * Ho and Salimans 2022, "Classifier-free diffusion guidance"; Lin et al. 2024, "Common diffusion noise schedules and sample steps are flawed",
 * section 3.4.
 */
export function guided(
  model: Model,
  options: OnnxGuidanceOptions,
): (x: Tensor, t: Tensor) => Promise<Tensor> {
  const {
    conditional,
    unconditional,
    shared = {},
    scale = 7.5,
    rescale = 0,
  } = optionsOf('fromOnnx', options, {
    conditional: true,
    unconditional: true,
    shared: true,
    scale: true,
    rescale: true,
  })
  objectOf('fromOnnx', conditional, 'conditional inputs by name')
  objectOf('fromOnnx', unconditional, 'unconditional inputs by name')
  objectOf('fromOnnx', shared, 'shared inputs by name')
  checkFinite('fromOnnx', { scale })
  checkHalfOpen('fromOnnx', { rescale }, 0, 1 + Number.EPSILON)
  const [free, bound] = [
    Object.keys(unconditional).sort().join(', '),
    Object.keys(conditional).sort().join(', '),
  ]
  if (free !== bound) throw expected('fromOnnx', `unconditional inputs ${bound}`, free || 'none')
  return async (x, t) => {
    checkTensors('fromOnnx', { x, t })
    const batch = x.shape[0] ?? 1
    const pairs = Object.keys(conditional).map((name) => [name, both(unconditional[name]!, conditional[name]!, batch, name)] as const) // biome-ignore format: map
    const [twice, times] = [concat([x, x]), concat([t, t])]
    try {
      const output = await model(twice, times, { ...shared, ...Object.fromEntries(pairs) })
      try {
        return tidy(() => combined(output, batch, scale, rescale))
      } finally {
        dispose(output)
      }
    } finally {
      dispose([twice, times, pairs.map(([, pair]) => pair).filter(isTensor)])
    }
  }
}

/** An input without and with the condition, a row for each of the double batch. */
function both(free: Tensor | number, bound: Tensor | number, batch: number, name: string): Tensor | number {
  if (isTensor(free) && isTensor(bound)) {
    return tidy(() => concat([rows(free, batch), rows(bound, batch)]))
  }
  if (free === bound) return free
  throw expected('fromOnnx', `two tensors, or one number, for ${name}`, 'others')
}

function rows(x: Tensor, batch: number): Tensor {
  return x.shape[0] === batch ? x : concat(Array.from({ length: batch }, () => x))
}

function combined(output: Tensor, batch: number, scale: number, rescale: number): Tensor {
  const half = (start: number): Tensor =>
    slice(output, [start, ...output.shape.slice(1).map(() => 0)], [batch, ...output.shape.slice(1)])
  const [free, bound] = [half(0), half(batch)]
  const sharp = add(free, mul(sub(bound, free), scale))
  if (rescale === 0) return sharp
  const ratio = div(deviation(bound), deviation(sharp))
  return add(mul(mul(sharp, ratio), rescale), mul(sharp, 1 - rescale))
}

/** Standard deviation of each row, of a shape that broadcasts. */
function deviation(x: Tensor): Tensor {
  const axes = x.shape.slice(1).map((_, i) => i + 1)
  return sqrt(mean(square(sub(x, mean(x, axes, true))), axes, true))
}
