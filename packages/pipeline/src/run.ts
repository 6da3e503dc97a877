import { dpmSolverPlusPlus, replacement, type Sampler, sample } from '@sgm/samplers'
import { perturb } from '@sgm/sde'
import { add, checkShape, concat, expected, mul, normal, split, sub, type Tensor, tidy } from '@sgm/tensor'
import type { LatentProblem } from './latent-problem'
import { checkRun, type GenerateOptions } from './options'
import { type Made, problemOf } from './problem'
import { coarse } from './sizes'

/** Draws latents under a prompt. */
export async function latentsFor(made: Made, options: GenerateOptions): Promise<Tensor> {
  checkRun(options)
  const problem = await problemOf(made, options)
  const scratch: Tensor[] = []
  try {
    return await drawn(made, problem, options, (x) => {
      scratch.push(x)
      return x
    })
  } finally {
    problem.dispose()
    for (const x of scratch) x.dispose()
  }
}

async function drawn(
  { kind, autoencoder, latents: { masked } }: Made,
  problem: LatentProblem,
  options: GenerateOptions,
  own: (x: Tensor) => Tensor,
): Promise<Tensor> {
  const { process, score, schedule, shape } = problem
  const { key, steps = kind.steps, image, mask, signal, onProgress } = options
  const { strength = mask ? 1 : 0.8 } = options
  signal?.throwIfAborted()
  const [noiseKey, runKey] = split(key)
  if (options.noise) checkShape('pipeline', 'noise', options.noise.shape, shape)
  const noise = options.noise ?? own(normal(noiseKey, shape))
  const { sampler: chosen = schedule.counterpart ? schedule.sampler() : dpmSolverPlusPlus() } = options
  const solver = typeof chosen === 'function' ? chosen(problem) : chosen
  const skipped = image ? skippedSteps(steps, strength, kind.roundsUp) : 0
  const times = schedule.grid(process, { steps }).slice(skipped)
  if (times.length < 2) {
    throw expected('pipeline', `strength and steps of a step at least, 1/${steps} of strength`, strength)
  }
  const data = image && own(inRows(own(await autoencoder.encode(image)), shape[0]!))
  const fromNoise = !data || (mask !== undefined && strength === 1)
  const x = own(fromNoise ? mul(noise, process.prior.sigma) : perturb(process, data, times[0]!, noise))
  const keeps = data && mask && !masked
  const keep = keeps && own(tidy(() => sub(1, coarse(mask, autoencoder.factor))))
  const sampler: Sampler = keep ? replacement(solver, { data, mask: keep, noise }) : solver
  const drawn = await sample({ process, score }, sampler, {
    key: runKey,
    x,
    times,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  if (!keep) return drawn
  // a grid may end before the data do
  const whole = tidy(() => add(drawn, mul(keep, sub(data, drawn))))
  drawn.dispose()
  return whole
}

/** Steps that a run from an image leaves out. */
function skippedSteps(steps: number, strength: number, roundsUp = false): number {
  return roundsUp ? Math.floor(steps - steps * strength) : steps - Math.floor(steps * strength)
}

function inRows(x: Tensor, rows: number): Tensor {
  if (x.shape[0] !== 1 && x.shape[0] !== rows) throw expected('pipeline', `one image, or ${rows}`, x.shape[0])
  return concat(x.shape[0] === rows ? [x] : Array.from({ length: rows }, () => x))
}
