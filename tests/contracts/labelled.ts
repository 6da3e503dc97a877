import type { Loss } from '@sgm/losses'
import type { ScoreFunction } from '@sgm/score'
import {
  add,
  cast,
  clip,
  div,
  erf,
  greater,
  log,
  matMul,
  mul,
  type NamedTensors,
  neg,
  reshape,
  sqrt,
  square,
  stack,
  sub,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'

/** Along this axis a point has its label: on which side of zero it lies. */
const AXIS = [2 / Math.sqrt(5), 1 / Math.sqrt(5)]

/** Points in the plane, in rows of any shape → `[B]`, along the axis. */
const along = (x: Tensor): Tensor => reshape(matMul(reshape(x, [-1, 2]), tensor(AXIS, [2, 1])), [-1])

/**
 * A classifier's loss with labels that follow from the points themselves, so that it takes batches as every other loss
 * does. The first logit has its sign turned, since adding one number to both of them would change nothing.
 */
export function labelled(loss: Loss): Loss {
  return {
    draw: loss.draw,
    evaluate: (score, x, draws) =>
      tidy(() => {
        const logits: ScoreFunction = (y, t) => mul(reshape(score(y, t), [-1, 2]), tensor([-1, 1]))
        return loss.evaluate(logits, x, draws, cast(greater(along(x), 0), 'int32'))
      }),
  }
}

/**
 * The logits of those labels, as {@link labelled} takes them, given a noisy point of a Gaussian whose covariance has
 * the axis as an eigenvector: x₀ along the axis, given x_t = αx₀ + σz, is N(m + αv/(α²v + σ²)(x_t − αm), vσ²/(α²v +
 * σ²)).
 */
export function trueLogits(
  { mean, variance }: { readonly mean: readonly number[]; readonly variance: number },
  { alphas, sigmas }: NamedTensors,
): ScoreFunction {
  const centre = mean[0]! * AXIS[0]! + mean[1]! * AXIS[1]!
  return (x) => {
    const total = add(mul(square(alphas!), variance), square(sigmas!))
    const gain = div(mul(alphas!, variance), total)
    const expected = add(mul(gain, sub(along(x), mul(alphas!, centre))), centre)
    const deviation = mul(sigmas!, sqrt(div(variance, total)))
    // In float32 the share is 0 or 1 where there is little noise; the logarithm of neither is a number.
    const share = clip(mul(add(erf(div(expected, mul(deviation, Math.SQRT2))), 1), 0.5), 1e-6, 1 - 1e-6)
    return stack([neg(log(sub(1, share))), log(share)], 1)
  }
}
