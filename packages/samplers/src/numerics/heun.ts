import { reverseCoefficients } from '@sgm/sde'
import type { Tensor } from '@sgm/tensor'
import type { Steps } from '../run/steps'
import type { Context, Step } from '../types'
import { combine } from './combine'

/**
 * Heun's step of dx = v(x, t) dt + dw, v = f x − ½(1 + η²) g² s: x̂ = x + h v(x, t) + w, x + (h/2)(v(x, t) + v(x̂, s)) + w.
 * x̂ where σ = 0 at the end, and the score is not defined.
 *
 * @param eta 0: the probability-flow ODE; 1: the reverse SDE.
 * @param increment w. @default none
 */
export function* heunStep(
  { process, score }: Context,
  { x, t, s }: Step,
  eta: 0 | 1,
  increment?: Tensor,
): Steps<Tensor> {
  const h = s - t
  const coefficients = reverseCoefficients(process, eta)
  const [from, to] = [coefficients(t), coefficients(s)]
  const moved = increment ? [[1, increment] as const] : []
  const first = yield* score(x, t)
  const guess = combine([1 + h * from.onX, x], [h * from.onScore, first], ...moved)
  if (process.marginal(s).sigma === 0) return guess
  const second = yield* score(guess, s)
  const half = h / 2
  return combine(
    [1 + half * from.onX, x],
    [half * from.onScore, first],
    [half * to.onX, guess],
    [half * to.onScore, second],
    ...moved,
  )
}
