/** Behaviour 17: the likelihood-weighted loss bounds the negative log-likelihood; exact scores meet it. */
import { likelihoodBound } from '@sgm/losses'
import { moments } from '@sgm/metrics'
import { logLikelihood } from '@sgm/samplers'
import { type GaussianMixture, gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { item, key, mean, neg, slice, stack, sub } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 4000, batches = 25, exactly = 200 } = {}) {
  const target = gaussianMixture({
    means: [
      [-1, -1],
      [1, 1],
    ],
    covariances: [0.25, 0.25],
  })
  const process = vp()
  const loss = likelihoodBound({ process, stratified: true })
  const x = target.sample(key(0), count)
  const few = slice(x, [0, 0], [exactly, -1])

  /** Of the model whose score is the exact one of `q`. */
  async function negativeLogLikelihood(q: GaussianMixture) {
    const { score } = q.diffused(process)
    const { logDensity } = await logLikelihood({ process, score }, few)
    const estimates = Array.from({ length: batches }, (_, i) =>
      mean(sub(loss.evaluate(score, x, loss.draw(key(i + 1), x.shape)), neg(q.logDensity(x)))),
    )
    const gap = await moments(stack(estimates))
    return {
      exact: await item(neg(mean(q.logDensity(few)))),
      flow: await item(neg(mean(logDensity))),
      boundAbove: gap.mean[0]!,
      standardError: Math.sqrt(gap.covariance[0]![0]! / batches),
    }
  }
  const trueModel = await negativeLogLikelihood(target)
  const wrongModel = await negativeLogLikelihood(
    gaussianMixture({ weights: target.weights, means: target.means, covariances: [0.5, 0.5] }),
  )
  return { trueModel, wrongModel }
}

await show(import.meta.url, async () => {
  const { trueModel, wrongModel } = await main()
  return {
    '': Object.keys(trueModel).join('  '),
    trueModel: Object.values(trueModel),
    wrongModel: Object.values(wrongModel),
  }
})
