import { type LinearSDE, logSnrGrid, type NoiseLevel, noiseLevel, noiseLevelOf } from '@sgm/sde'
import { add, mul, type Tensor } from '@sgm/tensor'
import { checkHalfOpen, checkOneOf, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { predictData } from '../numerics/history'
import type { Sampler } from '../types'

/** Options of {@link dpmSolverPlusPlus2s}. */
export interface DpmSolverPlusPlus2sOptions {
  /**
   * `'ancestral'`: a step down past the level to reach, and ancestral noise up to it. `'sde'`: noise at the middle of the step
   * too, of one Brownian path.
   * @default 'ancestral'
   */
  readonly variant?: 'ancestral' | 'sde'
  /** Share of the ancestral noise, in [0, 1]; 0 is deterministic. @default 1 */
  readonly eta?: number
}

/**
 * Steps by the predicted data x₀ at the start and at the middle, in λ = ln(α/σ), of each step (DPM-Solver++ 2S), with ancestral
 * noise.
 *
 * In ρ = σ/α and y = x/α, with ρ↑ = η ρ_s √(1 − ρ_s²/ρ_t²) and ρ↓² = ρ_s² − ρ↑²: y′ = (ρ_m/ρ_t) y_t + (1 − ρ_m/ρ_t) x₀(y_t, ρ_t),
 * y_s = (ρ↓/ρ_t) y_t + (1 − ρ↓/ρ_t) x₀(y′, ρ_m) + ρ↑ z
 *
 * ρ_m² is ρ_t ρ↓ in the variant `'ancestral'`; in `'sde'` it is ρ_t ρ_s, and y′ too is stepped down and noised up to it.
 * Weak order 1, and 2 where η is 0. A step that ends where σ = 0 returns x₀.
 *
 * Reference: Lu et al. 2022, "DPM-Solver++", algorithm 1; the ancestral noise is k-diffusion's.
 *
 * @throws TypeError when the options are no object. RangeError when an option is out of its range. A run, when eta > 0 and times rise.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const sampler = dpmSolverPlusPlus2s({ variant: 'ancestral' })
 * const x = await sample({ process, score }, sampler, {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 25,
 * })
 */
export function dpmSolverPlusPlus2s(options: DpmSolverPlusPlus2sOptions = {}): Sampler {
  const { variant = 'ancestral', eta = 1 } = optionsOf('dpmSolverPlusPlus2s', options, {
    variant: true,
    eta: true,
  })
  checkOneOf('dpmSolverPlusPlus2s', { variant }, ['ancestral', 'sde'])
  checkHalfOpen('dpmSolverPlusPlus2s', { eta }, 0, 1 + Number.EPSILON)
  return {
    name: 'dpmSolverPlusPlus2s',
    order: eta === 0 ? 2 : 1,
    evaluationsPerStep: 2,
    backward: eta > 0,
    defaults: { steps: 100, grid: logSnrGrid() },
    *step(context, { x, t, s }) {
      const { process, noise } = context
      const { value: data, level: from } = yield* predictData(context, x, t)
      const to = noiseLevel(process, s)
      if (to.sigma === 0) return { x: mul(data, to.alpha) }
      const whole = ancestral(from, to, eta)
      const middle = between(process, from, variant === 'sde' ? to : whole.down)
      const part = variant === 'sde' ? ancestral(from, middle, eta) : { down: middle, up: 0 }
      const first = noise()
      const early = combine(...toward(x, data, from, middle, part.down), [middle.alpha * part.up, first])
      const better = yield* predictData(context, early, middle.t)
      const mean = combine(...toward(x, better.value, from, to, whole.down))
      // two increments of one Brownian path in ρ
      const share = t === s ? 0 : Math.sqrt((rho(from) - rho(middle)) / (rho(from) - rho(to)))
      const path = variant === 'sde' ? combine([share, first], [Math.sqrt(1 - share ** 2), noise()]) : first
      return { x: add(mean, mul(path, to.alpha * whole.up)), mean }
    },
  }
}

const rho = ({ alpha, sigma }: Pick<NoiseLevel, 'alpha' | 'sigma'>): number => sigma / alpha

/** How far down to step, as a level of α = 1, and the standard deviation of y's noise up to the level `to`. */
function ancestral(
  from: NoiseLevel,
  to: NoiseLevel,
  eta: number,
): { down: Pick<NoiseLevel, 'lambda'>; up: number } {
  const up = eta * rho(to) * Math.sqrt(Math.max(0, 1 - (rho(to) / rho(from)) ** 2))
  return { down: { lambda: -Math.log(Math.sqrt(rho(to) ** 2 - up ** 2)) }, up }
}

/** The level half way in λ. */
function between(process: LinearSDE, from: NoiseLevel, to: Pick<NoiseLevel, 'lambda'>): NoiseLevel {
  return noiseLevelOf(process, (from.lambda + to.lambda) / 2)
}

/** Terms of x at level `to` without its noise: stepped down to λ of `down` by the data, in y = x/α. */
function toward(
  x: Tensor,
  data: Tensor,
  from: NoiseLevel,
  to: NoiseLevel,
  down: Pick<NoiseLevel, 'lambda'>,
): [number, Tensor][] {
  const ratio = Math.exp(from.lambda - down.lambda)
  return [
    [(to.alpha / from.alpha) * ratio, x],
    [to.alpha * (1 - ratio), data],
  ]
}
