import { stream } from '@sgm/data'
import { fisherDivergence, sdeDenoising } from '@sgm/losses'
import { modeWeights } from '@sgm/metrics'
import {
  ancestral,
  annealedLangevin,
  exactDivergence,
  langevin,
  logLikelihood,
  odeRk45,
  predictorCorrector,
  type RunOptions,
  type Sampler,
  sample,
} from '@sgm/samplers'
import { bind, edmPreconditioned, gaussianMixture, mapNetwork, mlp } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { compile, exp, foldIn, full, scoped, sub, tensor, tidy } from '@sgm/tensor'
import { contours, type Figure, figure, grid, histogram, panels, scatter } from '@sgm/viz'
import { learn } from '../learn'
import { average, type Row, shape } from '../measure'
import type { Context, Illustration, Section } from '../section'

/** Trains a score over one process, samples it three ways, finds log-likelihoods; every number beside its truth. */
export async function learnedScore(name: string, process: LinearSDE, context: Context): Promise<Section> {
  const {
    key,
    executor,
    progress,
    signal,
    effort: { steps, samples },
  } = context
  const stop = signal ? { signal } : {}
  const target = gaussianMixture()
  const deviation = Math.sqrt(target.covariance[0]![0]!)
  const model = mapNetwork(mlp({ hidden: [128, 128, 128] }), (network) =>
    edmPreconditioned(network, process, { sigmaData: deviation }),
  )
  using run = await learn(context, {
    task: `${name}: train`,
    model,
    loss: sdeDenoising({ process, stratified: true }),
    data: stream((k, n) => target.sample(k, n), { size: 512, key: foldIn(key, 0) }),
    steps,
    key: foldIn(key, 1),
  })

  const learned = bind(model, run.ema)
  const exact = target.diffused(process)
  const score = compile(learned, { executor })
  const both = compile(exactDivergence(learned), { executor })
  const problem = { process, score }
  const rows: Row[] = []
  const figures: Illustration[] = []
  const add = (row: Omit<Row, 'group'>): void => void rows.push({ group: name, ...row })

  try {
    await scoped(async (own) => {
      const [middle, count] = [geometricMiddle(process), 4096]
      const x = own(exact.sample(foldIn(key, 2), count, middle))
      const t = own(full([count], middle))
      const error = await average(own(fisherDivergence(learned, exact.score, x, t)))
      const { sigma } = process.marginal(middle)
      add({
        quantity: `Fisher divergence × σ², σ = ${sigma.toFixed(2)}`,
        measured: sigma ** 2 * error,
        truth: 0,
        tolerance: 0.05,
      })
    })

    const samplers: [string, Sampler, Partial<RunOptions>][] = [
      [
        'annealed Langevin',
        annealedLangevin({ stepsPerLevel: 40 }),
        { steps: 12, end: timeOfNoise(process, 0.1) },
      ],
      ['predictor–corrector', predictorCorrector(ancestral(), langevin({ snr: 0.16 })), { steps: 250 }],
      ['probability-flow ODE', odeRk45(), {}],
    ]
    await scoped(async (own) => {
      const plane = grid({ x: [-9, 9], size: 81 })
      const density = own(tidy(() => exp(target.logDensity(tensor(plane.points, plane.shape)))))
      const drawn: Figure[] = []
      for (const [i, [label, sampler, more]] of samplers.entries()) {
        let evaluations = 0
        const x = own(
          await sample(problem, sampler, {
            key: foldIn(key, 3 + i),
            shape: [samples, 2],
            ...more,
            ...stop,
            onProgress: (p) => {
              evaluations = p.evaluations
              progress(`${name}: ${label}`, p.index, p.steps, `${p.evaluations} evaluations`)
            },
          }),
        )
        const [weight] = await modeWeights(x, own(tensor(target.means.map((m) => [...m]))))
        const { mean, across } = await shape(x)
        // Four standard errors of a sample mean, and what the learned score may be off by.
        const error = (variance: number): number => 4 * Math.sqrt(variance / samples)
        const w = target.weights[0]!
        add({
          quantity: `${label}: weight of mode 1`,
          measured: weight!,
          truth: w,
          tolerance: error(w * (1 - w)) + 0.02,
          evaluations,
        })
        add({
          quantity: `${label}: mean of x₁`,
          measured: mean,
          truth: target.mean[0]!,
          tolerance: error(deviation ** 2) + 0.2,
        })
        add({
          quantity: `${label}: variance across modes`,
          measured: across,
          truth: 1,
          tolerance: error(2) + 0.1,
        })
        const points = scatter(x, { radius: 1.5, opacity: 0.5, color: 1 })
        drawn.push(
          await figure([contours(plane, density), points], {
            title: `${label}, ${evaluations} evaluations`,
            x: { label: 'x₁', domain: [-9, 9] },
            y: { label: 'x₂', domain: [-9, 9] },
          }),
        )
      }
      figures.push({
        name: `samples-${fileName(name)}`,
        caption: `${samples} samples of the learned score by each sampler, over the density of the data.`,
        picture: await panels(drawn, { shareY: true, width: 1080 }),
      })
    })

    await scoped(async (own) => {
      const count = Math.min(1024, samples)
      const x = own(target.sample(foldIn(key, 9), count))
      progress(`${name}: log-likelihood`, 0, 1)
      const found = await logLikelihood({ process }, x, { divergence: both, key: foldIn(key, 10), ...stop })
      own([found.logDensity, found.latent])
      progress(`${name}: log-likelihood`, 1, 1, `${found.evaluations} evaluations`)
      const truth = own(target.logDensity(x))
      const gap = own(tidy(() => sub(found.logDensity, truth)))
      const mean = await average(truth)
      add({
        quantity: 'log-likelihood of data (nats)',
        measured: mean + (await average(gap)),
        truth: mean,
        tolerance: 0.1,
        evaluations: found.evaluations,
      })
      const bins = { bins: 52, domain: [-12, -1.6] } as const
      figures.push({
        name: `likelihood-${fileName(name)}`,
        caption: `Log-likelihoods of ${count} data by the flow of the learned score, beside those of the density that they are drawn from.`,
        picture: await figure(
          [
            histogram(found.logDensity, { ...bins, label: 'learned flow' }),
            histogram(truth, { ...bins, label: 'true density' }),
          ],
          { x: 'ln p(x), nats', width: 620 },
        ),
      })
    })
  } finally {
    await Promise.all([score.dispose(), both.dispose()])
  }
  return {
    title: `A score learned over the ${name} process`,
    text:
      `A network of three layers of 128 units is trained by denoising score matching for ${steps} steps over the ${name} process. ` +
      'Annealed Langevin dynamics, a predictor with a corrector, and the probability-flow ODE all sample it; the ' +
      'divergence of the flow gives the log-likelihood of each datum.',
    figures,
    rows,
  }
}

/** The time halfway, in the logarithm of noise over signal, between the ends of sampling. */
function geometricMiddle(process: LinearSDE): number {
  const level = (t: number): number => Math.log(process.marginal(t).sigma / process.marginal(t).alpha)
  return bisect(process, level, (level(process.cutOffs.sample) + level(process.interval[1])) / 2)
}

/** The time at which noise over signal is `ratio`. */
function timeOfNoise(process: LinearSDE, ratio: number): number {
  return bisect(process, (t) => process.marginal(t).sigma / process.marginal(t).alpha, ratio)
}

function bisect(process: LinearSDE, rising: (t: number) => number, value: number): number {
  let [low, high] = [process.cutOffs.sample, process.interval[1]]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (rising(middle) < value) low = middle
    else high = middle
  }
  return high
}

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
