import type { Loss } from '@sgm/losses'
import { bind, type Condition, type Ema, type Network } from '@sgm/score'
import {
  add,
  clone,
  div,
  maximum,
  mean,
  mul,
  type NamedTensors,
  sqrt,
  square,
  sum,
  type Tensor,
  tensorsIn,
  type Variable,
  valueAndGrad,
} from '@sgm/tensor'
import { checkFloats, checkShape, expectedType, isTensor, objectOf } from '@sgm/tensor/check'
import { checkNamed } from './check-options'
import type { TrainingState } from './checkpoint'
import type { Optimizer } from './optimizers/types'

/** What one step needs beside the state: all of it tensors, so that the step can be compiled. */
export interface UpdateInput {
  readonly x: Tensor
  readonly condition?: Condition
  readonly draws: NamedTensors
  /** What the network drew, for dropout. */
  readonly modelDraws?: NamedTensors
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
  /** The moving average to keep, if any. */
  readonly ema: Ema | undefined
  readonly clip?: number | undefined
}

/** The step of a training run as one function of tensors that reassigns the variables of `state`. */
export function trainingUpdate(
  { model, loss, optimizer, ema, clip }: UpdateOptions,
  state: TrainingState,
): (input: UpdateInput) => UpdateOutput {
  const own = new Set(tensorsIn(state))
  /** What an update gave, apart from the state that it may hand back: a variable frees its value when it gets another. */
  const apart = (values: NamedTensors): NamedTensors => {
    checkNamed('an update', values, 0)
    return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, own.has(x) ? clone(x) : x]))
  }
  return ({ x, condition, draws, modelDraws, coefficients, emaDecay }) => {
    const labels = condition === undefined || isTensor(condition) ? condition : condition.class_labels
    const objective = (parameters: NamedTensors) => {
      const rows = loss.evaluate(bind(model, parameters, condition, modelDraws), x, draws, labels)
      checkFloats('train', { 'what loss.evaluate gives': rows })
      return mean(rows)
    }
    const { value, gradient } = valueAndGrad<NamedTensors, []>(objective)(state.parameters)
    const gradientNorm = globalNorm(gradient)
    const gradients = clip === undefined ? gradient : shorten(gradient, gradientNorm, clip)
    const next = objectOf(
      'train',
      optimizer.update({ ...state, gradients, coefficients }),
      'optimizer.update to give parameters and slots',
    )
    const [parameters, slots] = [apart(next.parameters), apart(next.slots)]
    if (ema) assignAll(state.ema, ema.update(state.ema, parameters, emaDecay))
    assignAll(state.parameters, parameters)
    assignAll(state.slots, slots)
    return { loss: value, gradientNorm }
  }
}

/** Gives each target the value of its name. @throws TypeError unless the names and types are the same. RangeError unless the shapes are. */
function assignAll(targets: NamedTensors, values: NamedTensors): void {
  const [wanted, got] = [targets, values].map((named) => Object.keys(named).sort().join(', '))
  if (wanted !== got) throw expectedType('train', `an update of ${wanted || 'nothing'}`, got || 'nothing')
  for (const [name, value] of Object.entries(values)) {
    const target = targets[name] as Variable
    checkShape('train', `an update of ${name}`, value.shape, target.shape)
    if (value.dtype !== target.dtype) {
      throw expectedType('train', `an update of ${name} in ${target.dtype}`, value.dtype)
    }
    target.assign(value)
  }
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
