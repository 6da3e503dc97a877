/** Behaviour 17: the likelihood-weighted loss bounds the negative log-likelihood; the true model meets it. */
import { likelihoodBound } from '@sgm/losses'
import { moments } from '@sgm/metrics'
import { logLikelihood } from '@sgm/samplers'
import { type GaussianMixture, gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { item, key, mean, neg } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 2000 } = {}) {
  const target = gaussianMixture({
    means: [
      [-1, -1],
      [1, 1],
    ],
    covariances: [0.25, 0.25],
  })
  const process = vp()
  const x = target.sample(key(0), count)
  const loss = likelihoodBound({ process, stratified: true })
  const draws = loss.draw(key(1), x.shape)

  /** Of the model whose score is the exact one of `q`. */
  async function negativeLogLikelihood(q: GaussianMixture) {
    const { score } = q.diffused(process)
    const { logDensity } = await logLikelihood({ process, score }, x)
    const bound = await moments(loss.evaluate(score, x, draws))
    return {
      exact: await item(neg(mean(q.logDensity(x)))),
      flow: await item(neg(mean(logDensity))),
      bound: bound.mean[0]!,
      standardError: Math.sqrt(bound.covariance[0]![0]! / count),
    }
  }
  const trueModel = await negativeLogLikelihood(target)
  const wrongModel = await negativeLogLikelihood(gaussianMixture({ ...target, covariances: [0.5, 0.5] }))
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
