import { dataPrediction, edmCoefficients, parametrisation } from '@sgm/score'
import { edm, gaussianPrior, type LinearSDE } from '@sgm/sde'
import { add, alignRows, div, log, mul, sub, type Tensor, tidy } from '@sgm/tensor'
import type { Family } from './family'
import { exponential, karras } from './respace'
import type { Settings } from './settings'

/** EDM: time is the noise level, and the model is a raw network under its preconditioning. */
export function edmFamily(settings: Settings): Family {
  const { sigma_data: sigmaData, final_sigmas_type: final, prediction_type, sigma_schedule, rho } = settings
  const { sigma_min: sigmaMin = 0.002, sigma_max: sigmaMax = 80 } = settings
  const sign = prediction_type === 'v_prediction' ? -1 : 1
  const process: LinearSDE = { ...edm({ sigmaMin, sigmaMax }), prior: gaussianPrior(Math.hypot(sigmaMax, 1)) }
  const levels = (steps: number): number[] =>
    sigma_schedule === 'karras'
      ? karras(sigmaMax, sigmaMin, steps, rho)
      : exponential(sigmaMax, sigmaMin, steps)
  const rows = (t: Tensor, x: Tensor) => {
    const c = edmCoefficients(t, sigmaData)
    return { skip: alignRows(c.skip, x), out: mul(alignRows(c.out, x), sign), in: alignRows(c.in, x) }
  }
  return {
    process,
    prediction: parametrisation({
      toScore: (f) =>
        dataPrediction.toScore((x, t) => {
          const c = rows(t, x)
          return add(mul(c.skip, x), mul(c.out, f(x, t)))
        }, process),
      fromScore: (score) => (x, t) =>
        tidy(() => {
          const c = rows(t, x)
          return div(sub(dataPrediction.fromScore(score, process)(x, t), mul(c.skip, x)), c.out)
        }),
    }),
    timestep: (t) => tidy(() => mul(log(t), 0.25)),
    input: (x, t) => tidy(() => mul(rows(t, x).in, x)),
    times: (steps) => [...levels(steps), final === 'zero' ? 0 : sigmaMin],
  }
}
