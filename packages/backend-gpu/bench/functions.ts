import { sdeDenoising } from '@sgm/losses'
import { bind, type Network } from '@sgm/score'
import {
  add,
  broadcastTo,
  conv2d,
  exp,
  key,
  mean,
  mul,
  type NamedTensors,
  normal,
  sqrt,
  sub,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
} from '@sgm/tensor'
import { adam } from '@sgm/train'
import type { WorkOf } from './work'

type Images = WorkOf<'conv' | 'conv-gradients'>

export const imagesOf = ({ batch, size, channels }: Images): number[] => [batch, size, size, channels]

/** Images and filters. */
export const convolution = (work: Images): [x: Tensor, filter: Tensor] => [
  normal(key(0), imagesOf(work)),
  normal(key(1), [3, 3, work.channels, work.channels]),
]

/** Two matrices. */
export const squares = ({ size }: WorkOf<'matmul'>): [a: Tensor, b: Tensor] => [
  normal(key(0), [size, size]),
  normal(key(1), [size, size]),
]

/** The gradients of a convolution by its input and its filter. */
export const convGradients = (x: Tensor, filter: Tensor, dy: Tensor): NamedTensors =>
  vjp(({ x, filter }: NamedTensors) => conv2d(x!, filter!), { x, filter } as NamedTensors, dy).vjp

/** All that a step of Adam reads, and all that it makes anew: for runtimes whose graphs hold no state and draw nothing. */
export interface Step {
  /** What the next step takes from this one. */
  readonly state: NamedTensors
  /** What stays. */
  readonly given: NamedTensors
  /** The state after the step. */
  step(state: NamedTensors, given: NamedTensors): NamedTensors
}

/** A step of Adam, its data, noise and times given. */
export function adamStep(model: Network, shape: readonly number[]): Step {
  const [loss, optimizer] = [sdeDenoising(), adam()]
  const parameters = model.init(key(0))
  const names = Object.keys(parameters)
  const draws = loss.draw(key(1), shape)
  const rate = 1e-3
  return {
    state: { ...parameters, ...optimizer.init(parameters) },
    given: { ...draws, data: normal(key(2), shape) },
    step(state, given) {
      const own = Object.fromEntries(names.map((name) => [name, state[name]!]))
      const objective = (p: NamedTensors) => mean(loss.evaluate(bind(model, p), given.data!, given))
      const { gradient } = valueAndGrad<NamedTensors, []>(objective)(own)
      const numbers = Object.entries(optimizer.coefficients(1, rate))
      const coefficients = Object.fromEntries(numbers.map(([name, value]) => [name, tensor(value)]))
      const next = optimizer.update({ parameters: own, gradients: gradient, slots: state, coefficients })
      return { ...next.parameters, ...next.slots }
    },
  }
}

/** A step of Euler–Maruyama of length h from time t, after one of Langevin's where there is noise for it. */
export function samplingStep(model: Network, parameters: NamedTensors, h: number, corrects: boolean) {
  const score = bind(model, parameters)
  return (x: Tensor, t: Tensor, z: Tensor): Tensor => {
    const times = broadcastTo(t, [x.shape[0]!])
    let y = x
    if (corrects) {
      // σ² = 1 − α², α² = exp(−0.1 t − 9.95 t²)
      const variance = sub(1, exp(mul(t, add(mul(t, -9.95), -0.1))))
      const step = mul(variance, 2 * 0.16 ** 2)
      y = add(add(y, mul(step, score(y, times))), mul(sqrt(mul(step, 2)), z))
    }
    const beta = mul(add(mul(t, 19.9), 0.1), h)
    const moved = add(y, mul(beta, add(mul(y, 0.5), score(y, times))))
    return add(moved, mul(sqrt(beta), z))
  }
}
