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
import { bind, edmPreconditioned, type GaussianMixture, mapNetwork, mlp } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { compile, type Executor, foldIn, full, type Key, scoped, sub, tensor, tidy } from '@sgm/tensor'
import { train } from '@sgm/train'
import { average, type Row, shape } from './measure'

/** Where an experiment says how far it has come. */
export type Progress = (task: string, done: number, total: number, note?: string) => void

/** What an experiment is about. */
export interface Experiment {
  readonly name: string
  readonly target: GaussianMixture
  readonly process: LinearSDE
  readonly key: Key
  readonly steps: number
  readonly samples: number
  readonly executor: Executor
  readonly progress: Progress
  readonly signal?: AbortSignal
}

/** Trains a score over one process, samples it three ways, finds log-likelihoods; every number beside its truth. */
export async function experiment(options: Experiment): Promise<Row[]> {
  const { name, target, process, key, steps, samples, executor, progress, signal } = options
  const stop = signal ? { signal } : {}
  const deviation = Math.sqrt(target.covariance[0]![0]!)
  const model = mapNetwork(mlp({ hidden: [128, 128, 128] }), (network) =>
    edmPreconditioned(network, process, { sigmaData: deviation }),
  )
  using run = train({
    model,
    loss: sdeDenoising({ process, stratified: true }),
    data: stream((k, n) => target.sample(k, n), { size: 512, key: foldIn(key, 0) }),
    steps,
    key: foldIn(key, 1),
    rate: (step) => 2e-3 * 0.5 * (1 + Math.cos((Math.PI * step) / steps)) + 1e-5,
    compile: executor,
    ...stop,
  })
  for await (const { step, emaLoss } of run) {
    progress(`${name}: train`, step, steps, `loss ${emaLoss.toFixed(3)}`)
  }

  const learned = bind(model, run.ema)
  const exact = target.diffused(process)
  const score = compile(learned, { executor })
  const both = compile(exactDivergence(learned), { executor })
  const problem = { process, score }
  const rows: Row[] = []
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
    for (const [i, [label, sampler, more]] of samplers.entries()) {
      let evaluations = 0
      await scoped(async (own) => {
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
      })
    }

    await scoped(async (own) => {
      const x = own(target.sample(foldIn(key, 9), 256))
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
    })
  } finally {
    await Promise.all([score.dispose(), both.dispose()])
  }
  return rows
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
