import {
  checkAtLeast,
  checkFlags,
  checkFunctions,
  checkIntegers,
  checkMethods,
  checkOneOf,
  checkStrings,
  expectedType,
  isTensor,
  type Named,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import type { Context, Denoise, Sampler, SamplerDefaults, Step, Stepped } from '../types'
import { checkedValue } from './checked-value'
import type { Steps } from './steps'

/** How runs can end. */
export const DENOISE: readonly Denoise[] = ['none', 'mean', 'tweedie']

/**
 * Throws unless each value is a sampler, as `ddim()` makes one.
 *
 * @throws TypeError where one lacks its step or its name, or a part is of another kind. RangeError where a number is out of its range.
 * @example
 * const sampler = { name: 'mine', order: 1 }
 * checkSampler('sample', { sampler }) // throws sample: expected sampler to have
 */
export function checkSampler(where: string, values: Named): void {
  for (const [what, value] of Object.entries(values)) {
    checkMethods(where, { [what]: value }, 'step')
    const { name, order, evaluationsPerStep, backward, defaults } = value as Sampler
    checkStrings(where, { [`${what}.name`]: name })
    if (order !== Number.POSITIVE_INFINITY) checkAtLeast(where, { [`${what}.order`]: order }, 0)
    if (evaluationsPerStep !== undefined) {
      checkAtLeast(where, { [`${what}.evaluationsPerStep`]: evaluationsPerStep }, 0)
    }
    if (backward !== undefined) checkFlags(where, { [`${what}.backward`]: backward })
    if (defaults !== undefined) checkDefaults(where, `${what}.defaults`, defaults)
  }
}

function checkDefaults(where: string, what: string, defaults: SamplerDefaults): void {
  const { steps, grid, denoise } = optionsOf(where, defaults, { steps: true, grid: true, denoise: true })
  if (steps !== undefined) checkIntegers(where, { [`${what}.steps`]: steps })
  if (grid !== undefined) checkFunctions(where, { [`${what}.grid`]: grid })
  if (denoise !== undefined) checkOneOf(where, { [`${what}.denoise`]: denoise }, DENOISE)
}

/**
 * One step of a sampler.
 *
 * @throws TypeError unless it is a generator, and leaves a float32 x of the shape that it was given.
 */
export function* stepped<P, State>(
  where: string,
  sampler: Sampler<P, State>,
  context: Context<P>,
  step: Step,
): Steps<Stepped<State>> {
  const steps = sampler.step(context, step as Step<State>)
  if (typeof steps?.throw !== 'function' || typeof steps[Symbol.iterator] !== 'function') {
    throw expectedType(where, 'sampler.step to give steps, as a function* does', steps)
  }
  const left = objectOf(where, yield* steps, 'sampler.step to end with { x }')
  const { x, mean, stats } = left
  checkedValue(where, 'x of a step', x, step.x.shape)
  if (mean !== undefined) checkedValue(where, 'mean of a step', mean, step.x.shape)
  if (stats === undefined) return left
  for (const [name, value] of Object.entries(objectOf(where, stats, 'stats of a step'))) {
    if (typeof value !== 'number' && !isTensor(value)) {
      throw expectedType(where, `stats.${name} of a step to be a number or a scalar`, value)
    }
  }
  return left
}
