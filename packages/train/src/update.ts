import type { Loss } from '@sgm/losses'
import type { Network } from '@sgm/score'
import {
  add,
  div,
  expected,
  maximum,
  mean,
  mul,
  type NamedTensors,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Variable,
  valueAndGrad,
} from '@sgm/tensor'
import type { TrainingState } from './checkpoint'
import type { Optimizer } from './optimizers/types'

/** What one step needs beside the state: all of it tensors, so that the step can be compiled. */
export interface UpdateInput {
  readonly x: Tensor
  readonly draws: NamedTensors
  readonly coefficients: NamedTensors
  /** Scalar: how much of the moving average stays. */
  readonly emaDecay: Tensor
}

/** What one step reports: scalars. */
export interface UpdateOutput {
  readonly loss: Tensor
  readonly gradientNorm: Tensor
}

/** Options of {@link trainingUpdate}. */
export interface UpdateOptions {
  readonly model: Network
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly clip?: number | undefined
}

/** The step of a training run as one function of tensors that reassigns the variables of `state`. */
export function trainingUpdate(
  { model, loss, optimizer, clip }: UpdateOptions,
  state: TrainingState,
): (input: UpdateInput) => UpdateOutput {
  if (clip !== undefined && !(clip > 0)) throw expected('train', 'clip > 0', clip)
  return ({ x, draws, coefficients, emaDecay }) => {
    const objective = (parameters: NamedTensors) =>
      mean(loss.evaluate((y, t) => model.apply(parameters, y, t), x, draws))
    const { value, gradient } = valueAndGrad<NamedTensors, []>(objective)(state.parameters)
    const gradientNorm = globalNorm(gradient)
    const gradients = clip === undefined ? gradient : shorten(gradient, gradientNorm, clip)
    const next = optimizer.update({ ...state, gradients, coefficients })
    for (const [name, average] of Object.entries(state.ema)) {
      const fresh = next.parameters[name]!
      assign(average, add(fresh, mul(sub(average, fresh), emaDecay)))
    }
    for (const [name, value] of Object.entries(next.parameters)) assign(state.parameters[name]!, value)
    for (const [name, value] of Object.entries(next.slots)) assign(state.slots[name]!, value)
    return { loss: value, gradientNorm }
  }
}

function assign(target: Tensor, value: Tensor): void {
  ;(target as Variable).assign(value)
}

/** √Σ g², over all tensors. */
function globalNorm(gradients: NamedTensors): Tensor {
  return sqrt(
    Object.values(gradients)
      .map((g) => sum(square(g)))
      .reduce(add),
  )
}

/** Scales the gradients so that their global norm is at most `limit`. */
function shorten(gradients: NamedTensors, norm: Tensor, limit: number): NamedTensors {
  const scale = div(limit, maximum(norm, limit))
  return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, mul(g, scale)]))
}
