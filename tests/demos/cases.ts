/** A demo on one of its pages, and what it should show. */
export interface Case {
  readonly name: string
  readonly page: string
  readonly query?: string
  /** What each number should be, and how far from it a sample of this size may be. */
  readonly expected: Readonly<Record<string, readonly [truth: number, within: number]>>
}

/** Four points at the ends of a line: deviations of 1.2 and 0.16. */
export const line = '77g777h3ssiwssjs'

const share = (n: number) => 4 * Math.sqrt((0.2 * 0.8) / n)
/** Of two modes at distance 1 from 0 with weights 1:4 and variance 0.06. */
const toyVariance = 0.06 + 1 - 0.6 ** 2

/** Every demo: its numbers beside closed forms. */
export const cases: readonly Case[] = [
  {
    name: 'mixture',
    page: 'learn/score',
    query: 'mixture.factor=2',
    expected: { z: [2 * 2 * Math.PI * 1.5 ** 2, 1e-3], error: [0, 1e-4] },
  },
  {
    name: 'score-matching',
    page: 'learn/score',
    query: 'score-matching.objective=denoising&score-matching.steps=300',
    // −½E‖∇log p‖² of the modes with noise: a quadrature in Python. Learned in 300 steps it is near, and never below.
    expected: { objective: [-1.5286, 0.12] },
  },
  {
    name: 'langevin',
    page: 'learn/langevin',
    // Averaged over 60 states of 20 000 numbers.
    expected: { variance: [1 / (1 - 0.4), 0.02] },
  },
  {
    name: 'lost-weights',
    page: 'learn/langevin',
    query: 'lost-weights.dynamics=annealed',
    expected: { weight: [0.8, share(1280) + 0.02] },
  },
  {
    name: 'sde-paths',
    page: 'learn/sdes',
    query: 'sde-paths.time=0.06',
    // VP at the step next to it, 0.0634: α = exp(−½(0.1 t + 9.95 t²)), and the data's variance 0.04 + 0.64. Noise is at 1.
    expected: { sde: [0.833, 0.04], ode: [0.833, 0.04] },
  },
  {
    name: 'predictor-corrector',
    page: 'learn/sampling',
    query: 'predictor-corrector.steps=40',
    expected: { weight: [0.8, share(3000) + 0.04], variance: [toyVariance, 0.07], evaluations: [120, 0] },
  },
  {
    name: 'evaluations',
    page: 'learn/sampling',
    query: 'evaluations.sampler=uni-pc',
    expected: { weight: [0.8, share(4000)], variance: [toyVariance, 0.06], evaluations: [160, 0] },
  },
  {
    name: 'probability-flow',
    page: 'learn/likelihood',
    // log(0.2/(2π 0.06)) − (0.2² + 0.1²)/(2 · 0.06), the prior's mean of e^{−5} left out.
    expected: {
      exact: [Math.log(0.2 / (2 * Math.PI * 0.06)) - 0.05 / 0.12, 0.02],
      hutchinson: [Math.log(0.2 / (2 * Math.PI * 0.06)) - 0.05 / 0.12, 0.1],
      error: [0, 1e-3],
    },
  },
  {
    name: 'conditioning',
    page: 'learn/conditioning',
    // Given y = 1: 0.5/(0.7 + 0.09) and 0.7 − 0.5²/(0.7 + 0.09).
    expected: { mean: [0.5 / 0.79, 0.06], variance: [0.7 - 0.25 / 0.79, 0.06] },
  },
  {
    name: 'drawing',
    page: 'learn/sdes',
    query: `drawing.points=${line}&drawing.steps=400`,
    // A network that has learned nothing draws as widely in one direction as in the other.
    expected: { deviation1: [1.2, 0.1], deviation2: [0.158, 0.05] },
  },
  {
    name: 'digits',
    page: 'learn/tutorial',
    query: 'digits.images=4&digits.steps=10',
    // The exact flow from the same noise, 40 steps of Heun's method in Node, is as grey; ancestral steps are off by 0.022.
    expected: { read: [1, 0], grey: [0.1711, 2e-3], evaluations: [10, 0] },
  },
  {
    name: 'particles',
    page: 'learn/sampling',
    query: 'particles.count=10&particles.steps=100',
    expected: { variance: [toyVariance, 0.05] },
  },
  {
    name: 'sampler',
    page: 'samplers/ddim',
    expected: { weight: [0.8, share(2000) + 0.02], evaluations: [40, 0] },
  },
  {
    name: 'sampler',
    page: 'samplers/mala',
    expected: { variance: [0.4, 4 * 0.4 * Math.sqrt(2 / 2000) + 0.01] },
  },
  { name: 'process', page: 'processes/rectified-flow', expected: { sde: [0.65, 0.05] } },
  {
    name: 'loss',
    page: 'losses/noisy-classification',
    // −½E‖∇log p‖² of the upper mode with VP's noise at 0.2, N(1.2α, 0.5α² + 1 − α²): minus one over its variance.
    expected: { objective: [-1 / (1 - 0.5 * Math.exp(-0.1 * 0.2 - 9.95 * 0.2 ** 2)), 0.05] },
  },
  {
    name: 'compiled',
    page: 'api/backend-onnx/',
    // Float32 sums in another order; of the kernels of a step there are some.
    expected: { difference: [0, 1e-4], kernels: [100, 99] },
  },
  {
    name: 'pipeline',
    page: 'api/pipeline/',
    // What diffusers has drawn: float32 sums in another order.
    expected: { latents: [0, 1e-3], pixels: [0, 1e-3] },
  },
]
