/** Behaviour 14: pick a forward process, or write one of your own, and ask for its mean, deviation and prior. */
import { integratedSde, type LinearSDE, linearSde, sigmaT, subVp, ve, vp } from '@sgm/sde'
import { show } from './show'

export async function main({ t = 0.5 } = {}) {
  // #region own
  /** By its marginals, α = e⁻ᵗ and σ = t: dx = −x dt + √(2t + 2t²) dw. */
  const ownMarginal = linearSde({
    marginal: (m, s) => ({ alpha: m.exp(m.neg(s)), sigma: s }),
  })
  /** By its coefficients alone: the article's dx = eᵗ dw. */
  const ownCoefficients = integratedSde({
    drift: () => 0,
    diffusion: Math.exp,
  })
  // #endregion
  // #region ask
  const published = { ve: ve(), vp: vp(), subVp: subVp(), sigmaT: sigmaT() }
  // #endregion
  const processes: Record<string, LinearSDE> = { ...published, ownMarginal, ownCoefficients }
  const found: Record<string, readonly number[]> = {}
  for (const [name, process] of Object.entries(processes)) {
    // #region ask
    const { alpha, sigma } = process.marginal(t)
    const [drift, diffusion] = [process.drift(t), process.diffusion(t)]
    const prior = process.prior.sigma
    // #endregion
    found[name] = [alpha, sigma, prior, drift, diffusion]
  }
  return found
}

await show(import.meta.url, async () => ({ '': 'alpha  sigma  prior  drift  diffusion', ...(await main()) }))
