import type { Problem, Schedule } from '@sgm/samplers'
import type { Shape } from '@sgm/tensor'

/** What a pipeline's network knows of latents under a prompt: what every sampler and method here takes. */
export interface LatentProblem extends Problem {
  /** The scheduler of the folder. */
  readonly schedule: Schedule
  /** Of the latents: `[pictures, height, width, channels]`. */
  readonly shape: Shape
  /** Frees what the prompt became; the score cannot be asked then. */
  dispose(): void
}
