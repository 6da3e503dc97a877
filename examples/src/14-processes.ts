/** Behaviour 14: pick a forward process, or write one of your own, and ask for its mean, deviation and prior. */
import { integratedSde, type LinearSDE, linearSde, sigmaT, subVp, ve, vp } from '@sgm/sde'
import { show } from './show'

export async function main({ t = 0.5 } = {}) {
  const processes: Record<string, LinearSDE> = {
    ve: ve(),
    vp: vp(),
    subVp: subVp(),
    sigmaT: sigmaT(),
    /** By its marginals, α = e⁻ᵗ and σ = t: dx = −x dt + √(2t + 2t²) dw. */
    ownMarginal: linearSde({ marginal: (m, s) => ({ alpha: m.exp(m.neg(s)), sigma: s }) }),
    /** By its coefficients alone: the article's dx = eᵗ dw. */
    ownCoefficients: integratedSde({ drift: () => 0, diffusion: Math.exp }),
  }
  const found: Record<string, readonly number[]> = {}
  for (const [name, process] of Object.entries(processes)) {
    const { alpha, sigma } = process.marginal(t)
    found[name] = [alpha, sigma, process.prior.sigma, process.drift(t), process.diffusion(t)]
  }
  return found
}

await show(import.meta.url, async () => ({ '': 'alpha  sigma  prior  drift  diffusion', ...(await main()) }))
