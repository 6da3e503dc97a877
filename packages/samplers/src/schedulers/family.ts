import type { Parametrisation } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import type { Tensor } from '@sgm/tensor'

/** What a configuration says of a process, and of a model over it. */
export interface Family {
  readonly process: LinearSDE
  /** What the model's output stands for at x. */
  readonly prediction: Parametrisation
  /** What the model is told of the time: process times `[B]` → `[B]`, float32. */
  timestep(t: Tensor): Tensor
  /** What the model sees of x. @default x */
  readonly input?: (x: Tensor, t: Tensor) => Tensor
  /** The times of a run of a number of steps. */
  times(steps: number): readonly number[]
}
