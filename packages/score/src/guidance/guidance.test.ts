import { vp } from '@sgm/sde'
import { add, slice, stack, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussian } from '../exact/gaussian'
import { gaussianMixture } from '../exact/gaussian-mixture'
import { mixturePosterior } from '../exact/posterior'
import { classifierGuidance, labelLogLikelihood } from './classifier'
import { classifierFreeGuidance } from './classifier-free'

const process = vp()
const means = [
  [-1, 0],
  [1, 0.5],
]
const covariances = [0.5, [0.2, 0.9]]
const weights = [0.3, 0.7]
const mixture = gaussianMixture({ means, covariances, weights }).diffused(process)
const components = means.map((mean, k) => gaussian({ mean, covariance: covariances[k]! }).diffused(process))
const x = tensor([
  [0.2, 0.1],
  [-0.5, 0.6],
  [1, -1],
])
const t = tensor([0.1, 0.3, 0.6])

/** The Bayes classifier of the component that a point came from: logits ln w_k p_k. */
const classifier = (y: typeof x, s: typeof t) =>
  stack(
    components.map((c, k) => add(c.logDensity(y, s), Math.log(weights[k]!))),
    1,
  )

describe('classifierGuidance', () => {
  it('by the Bayes classifier turns the mixture’s score into the class’s own', async () => {
    const labels = tensor([0, 1, 0], [3], 'int32')
    const guided = classifierGuidance(mixture.score, labelLogLikelihood(classifier, labels))(x, t)
    const [first, second] = await Promise.all(components.map((c) => c.score(x, t).data()))
    await expectNear(guided, [first![0]!, first![1]!, second![2]!, second![3]!, first![4]!, first![5]!])
  })

  it('by a measurement gives the score of the posterior', async () => {
    const prior = gaussian({
      mean: [1, -1],
      covariance: [
        [1, 0.4],
        [0.4, 2],
      ],
    })
    const posterior = mixturePosterior(prior, { matrix: [[1, 0]], observation: [0.3], noiseCovariance: 0.25 })
    const likelihood = (y: typeof x) =>
      gaussian({ mean: [0.3], covariance: 0.25 }).logDensity(slice(y, [0, 0], [-1, 1]))
    const guided = classifierGuidance((y) => prior.score(y), likelihood)
    await expectNear(guided(x, t), posterior.score(x))
  })

  it('is unguided at scale 0', async () => {
    const labels = tensor([1, 1, 1], [3], 'int32')
    const guided = classifierGuidance(mixture.score, labelLogLikelihood(classifier, labels), { scale: 0 })
    await expectNear(guided(x, t), mixture.score(x, t))
    expect(() => classifierGuidance(mixture.score, (y) => y, { scale: Number.NaN })).toThrow(
      'a finite scale, got NaN',
    )
  })
})

describe('labelLogLikelihood', () => {
  it('is that of the label, whatever other classes are ruled out', async () => {
    // ln softmax [0, −∞, ln 3] is [−ln 4, −∞, −ln 4 + ln 3].
    const ruledOut = () => tensor([[0, Number.NEGATIVE_INFINITY, Math.log(3)]])
    for (const [label, wanted] of [-Math.log(4), Number.NEGATIVE_INFINITY, Math.log(3 / 4)].entries()) {
      const likelihood = labelLogLikelihood(ruledOut, tensor([label], [1], 'int32'))
      const [got] = await likelihood(tensor([[0]]), tensor([0])).data()
      if (Number.isFinite(wanted)) expect(got).toBeCloseTo(wanted, 6)
      else expect(got).toBe(wanted)
    }
  })
})

describe('classifierFreeGuidance', () => {
  it('runs from unconditional by conditional to sharper', async () => {
    const [conditional] = components
    const at = (scale: number) => classifierFreeGuidance(conditional!.score, mixture.score, { scale })(x, t)
    await expectNear(at(0), mixture.score(x, t))
    await expectNear(at(1), conditional!.score(x, t))
    const labels = tensor([0, 0, 0], [3], 'int32')
    const byClassifier = classifierGuidance(mixture.score, labelLogLikelihood(classifier, labels), {
      scale: 2.5,
    })
    await expectNear(at(2.5), byClassifier(x, t), 3e-5)
    expect(() => at(Number.POSITIVE_INFINITY)).toThrow('classifierFreeGuidance: expected a finite scale')
  })
})
