import {
  add,
  expected,
  grad,
  greater,
  logSoftmax,
  mul,
  oneHot,
  sum,
  type Tensor,
  tidy,
  where,
} from '@sgm/tensor'
import {
  checkFunctions,
  checkShape,
  checkTensors,
  expectedType,
  formatShape,
  optionsOf,
} from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'

/** Options of {@link classifierGuidance}. */
export interface ClassifierGuidanceOptions {
  /** w, any finite number: 1 gives p(x|y), more sharpens p(y|x)ʷ, 0 is unguided. @default 1 */
  readonly scale?: number
}

/**
 * Guides a score by a likelihood: s(x, t) + w ∇ₓ ln p_t(y | x), which for w = 1 is the score of p_t(x | y) (Song et al.
 * 2021, section 5; Dhariwal and Nichol 2021, algorithm 1).
 *
 * @param score Of all classes together.
 * @param logLikelihood ln p_t(y | x) up to a constant: x `[B, ...D]`, t `[B]` → `[B]`; for a classifier, {@link labelLogLikelihood}.
 * @throws RangeError unless `scale` is finite.
 * @example
 * const { score } = gaussianMixture().diffused(vp())
 * // Of the class "right".
 * const logLikelihood = (x: Tensor) => logSigmoid(mean(x, 1))
 * const guided = classifierGuidance(score, logLikelihood, { scale: 2 })
 * guided(zeros([8, 2]), ones([8])).shape // → [8, 2]
 */
export function classifierGuidance(
  score: ScoreFunction,
  logLikelihood: (x: Tensor, t: Tensor) => Tensor,
  options: ClassifierGuidanceOptions = {},
): ScoreFunction {
  const { scale = 1 } = optionsOf('classifierGuidance', options, { scale: true })
  checkFunctions('classifierGuidance', { score, logLikelihood })
  if (!Number.isFinite(scale)) throw expected('classifierGuidance', 'a finite scale', scale)
  const pull = grad(logLikelihood)
  return (x, t) => {
    checkAt('classifierGuidance', x, t)
    return tidy(() => add(score(x, t), mul(pull(x, t), scale)))
  }
}

/**
 * ln p_t(y | x) of a noise-conditional classifier.
 *
 * @param classifier Logits: x `[B, ...D]`, t `[B]` → `[B, C]`.
 * @param labels The class of each row, int32 `[B]`; must live as long as the function is used.
 * @example
 * const classifier = (x: Tensor) => zeros([x.shape[0]!, 10])
 * const labels = tensor([3, 7], [2], 'int32')
 * const logLikelihood = labelLogLikelihood(classifier, labels)
 * logLikelihood(zeros([2, 2]), ones([2])) // → [-2.3026, -2.3026]
 */
export function labelLogLikelihood(
  classifier: (x: Tensor, t: Tensor) => Tensor,
  labels: Tensor,
): (x: Tensor, t: Tensor) => Tensor {
  checkFunctions('labelLogLikelihood', { classifier })
  checkTensors('labelLogLikelihood', { labels })
  if (labels.dtype !== 'int32') throw expectedType('labelLogLikelihood', 'int32 labels', labels.dtype)
  return (x, t) => {
    checkAt('labelLogLikelihood', x, t)
    return tidy(() => {
      const logits = classifier(x, t)
      checkTensors('labelLogLikelihood', { logits })
      const { shape } = logits
      if (shape.length !== 2) throw expected('labelLogLikelihood', 'logits [B, classes]', formatShape(shape))
      checkShape('labelLogLikelihood', 'labels', labels.shape, shape.slice(0, 1))
      // Another class may have the logarithm of no chance at all.
      const chosen = greater(oneHot(labels, shape[1]!), 0)
      return sum(where(chosen, logSoftmax(logits), 0), 1)
    })
  }
}
