import type { NamedTensors } from '@sgm/tensor'

/** What an update is computed from. All tensors; nothing of it is disposed or changed. */
export interface OptimizerInput {
  readonly parameters: NamedTensors
  readonly gradients: NamedTensors
  readonly slots: NamedTensors
  /** {@link Optimizer.coefficients} of this step, as scalar tensors. */
  readonly coefficients: NamedTensors
}

/**
 * An optimiser as a pure function. What changes from step to step enters as numbers worked out on the host, so that
 * the update itself can be traced once and compiled.
 */
export interface Optimizer {
  /** The optimiser's own state for these parameters, under names of its own. */
  init(parameters: NamedTensors): NamedTensors
  /** The numbers of step 1, 2, … at the given learning rate. */
  coefficients(step: number, rate: number): Readonly<Record<string, number>>
  /** New parameters and slots, under the names of the old ones. Pure; may be traced. */
  update(input: OptimizerInput): { parameters: NamedTensors; slots: NamedTensors }
}
