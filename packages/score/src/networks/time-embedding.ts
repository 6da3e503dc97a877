import {
  cast,
  concat,
  cos,
  expected,
  matMul,
  mul,
  oneHot,
  reshape,
  round,
  sin,
  stopGradient,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from '@sgm/tensor'
import {
  checkFinite,
  checkIntegers,
  checkPositive,
  checkStrings,
  checkTensors,
  optionsOf,
} from '@sgm/tensor/check'
import { type Block, parameterOf } from './blocks/block'
import { gaussian } from './blocks/initializers'

/** How a network is told the time: `size` features of each row's t. */
export interface TimeEmbedding {
  /** Number of features. */
  readonly size: number
  /** The features as a part of a network, t `[B]` → `[B, size]`: its parameters, if any, have names that begin with the given one. */
  block(name: string): Block<[t: Tensor]>
}

/** An embedding without parameters. */
const fixed = (where: string, size: number, apply: (t: Tensor) => Tensor): TimeEmbedding => ({
  size,
  block: () => ({
    parameters: {},
    apply(_, t) {
      checkTensors(where, { t })
      return apply(t)
    },
  }),
})

/** No time: for a score at one noise level. */
export const noTime: TimeEmbedding = /* @__PURE__ */ fixed('noTime', 0, (t) => zeros([t.shape[0]!, 0]))

/** t itself, as one feature. */
export const rawTime: TimeEmbedding = /* @__PURE__ */ fixed('rawTime', 1, (t) => reshape(t, [-1, 1]))

/** Options of {@link gaussianFourier}. */
export interface GaussianFourierOptions {
  /** Number of features: an even integer >= 2. @default 64 */
  readonly size?: number
  /** Standard deviation of the frequencies in cycles per unit of t, > 0. @default 30 */
  readonly scale?: number
}

/**
 * Gaussian Fourier features (sin 2πwt, cos 2πwt), w ~ N(0, scale²) (Tancik et al. 2020; scale 16 of ln σ in
 * NCSN++, scale 30 of t in Song's tutorial). The frequencies, `<name>.frequencies`, are drawn once and not trained: they are saved with
 * the parameters, and their gradient is zero.
 *
 * @throws RangeError unless `size` is even and >= 2, and `scale` > 0.
 * @example
 * const network = mlp({ dims: 2, time: gaussianFourier({ size: 32 }) })
 */
export function gaussianFourier(options: GaussianFourierOptions = {}): TimeEmbedding {
  const { size = 64, scale = 30 } = optionsOf('gaussianFourier', options, { size: true, scale: true })
  checkSize('gaussianFourier', size)
  checkPositive('gaussianFourier', { scale })
  return {
    size,
    block(name) {
      checkStrings('gaussianFourier', { name })
      return {
        parameters: { [`${name}.frequencies`]: { shape: [size / 2], initial: gaussian(scale) } },
        apply: (p, t) => {
          const frequencies = stopGradient(parameterOf('gaussianFourier', p, `${name}.frequencies`))
          checkTensors('gaussianFourier', { t })
          return tidy(() => waves(mul(mul(reshape(t, [-1, 1]), frequencies), 2 * Math.PI)))
        },
      }
    },
  }
}

/** Options of {@link sinusoidal}. */
export interface SinusoidalOptions {
  /** Number of features: an even integer >= 4. @default 64 */
  readonly size?: number
  /** Longest wavelength over 2π, in units of `timeScale · t`; > 1. @default 10 000 */
  readonly maxPeriod?: number
  /**
   * What t is multiplied by first. The features were made for word positions 0, 1, 2, … and hardly vary over
   * [0, 1]; DDPM's steps 0 … 999 are what 999 t gives, and its published weights expect those. @default 999
   */
  readonly timeScale?: number
}

/**
 * Sinusoidal features (sin ω_k τ, cos ω_k τ) of τ = timeScale · t with ω_k = maxPeriod^{−k/(size/2 − 1)} (Vaswani et
 * al. 2017, section 3.5, in the order and with the spacing of DDPM's code).
 *
 * @throws RangeError unless `size` is even and >= 4, `maxPeriod` > 1 and `timeScale` > 0.
 * @example
 * const network = mlp({
 *   dims: 2,
 *   time: sinusoidal({ size: 32, timeScale: 1000 }),
 * })
 */
export function sinusoidal(options: SinusoidalOptions = {}): TimeEmbedding {
  const {
    size = 64,
    maxPeriod = 10_000,
    timeScale = 999,
  } = optionsOf('sinusoidal', options, { size: true, maxPeriod: true, timeScale: true })
  checkSize('sinusoidal', size, 4)
  checkPositive('sinusoidal', { timeScale })
  checkFinite('sinusoidal', { maxPeriod })
  if (maxPeriod <= 1) throw expected('sinusoidal', 'maxPeriod > 1', maxPeriod)
  const half = size / 2
  const frequency = (_: unknown, k: number): number => timeScale * maxPeriod ** (-k / (half - 1))
  // Not before they are needed: a network is refused for its size before anything of that size is made.
  const frequencies = () => tensor(Float32Array.from({ length: half }, frequency))
  return fixed('sinusoidal', size, (t) => tidy(() => waves(mul(reshape(t, [-1, 1]), frequencies()))))
}

/** Options of {@link levelTable}. */
export interface LevelTableOptions {
  /** Number of noise levels, an integer >= 1; t is then a level's index 0 … levels − 1. @default 10 */
  readonly levels?: number
  /** Number of features, an integer >= 1. @default 64 */
  readonly size?: number
}

/**
 * One trained vector for each noise level, as NCSN's conditional normalisation has (Song and Ermon 2019, appendix A):
 * t is the level's index, rounded. `<name>.table` is drawn from N(0, 1).
 *
 * @throws RangeError unless `levels` and `size` are integers >= 1.
 * @example
 * const network = mlp({ dims: 2, time: levelTable({ levels: 10, size: 32 }) })
 */
export function levelTable(options: LevelTableOptions = {}): TimeEmbedding {
  const { levels = 10, size = 64 } = optionsOf('levelTable', options, { levels: true, size: true })
  checkIntegers('levelTable', { levels, size })
  return {
    size,
    block(name) {
      checkStrings('levelTable', { name })
      return {
        parameters: { [`${name}.table`]: { shape: [levels, size], initial: gaussian() } },
        apply: (p, t) => {
          const table = parameterOf('levelTable', p, `${name}.table`)
          checkTensors('levelTable', { t })
          return tidy(() => matMul(oneHot(cast(round(t), 'int32'), levels), table))
        },
      }
    },
  }
}

function waves(angles: Tensor): Tensor {
  return concat([sin(angles), cos(angles)], 1)
}

function checkSize(where: string, size: number, least = 2): void {
  if (!Number.isInteger(size) || size < least || size % 2 !== 0) {
    throw expected(where, `size to be an even integer >= ${least}`, size)
  }
}
