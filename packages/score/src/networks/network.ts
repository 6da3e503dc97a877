import { type Key, type NamedTensors, type Shape, type Tensor, tidy } from '@sgm/tensor'
import {
  checkFunctions,
  checkIntegers,
  checkKeys,
  checkLists,
  checkMethods,
  checkPositive,
  checkShape,
  checkTensors,
  expected,
  expectedType,
  formatShape,
  isTensor,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import type { Condition, Network, ScoreFunction } from '../types'
import { type Block, draw } from './blocks/block'

/**
 * The network that a block of (x, t) or (x, t, condition) is. Parameters are drawn each from a key of its own, so that the shape of one
 * leaves the others' draws.
 *
 * @param block Its parameters, and what it makes of them, of x, t and the condition; and where it has dropout what it draws for it.
 * @example
 * const gain = networkOf({
 *   parameters: {
 *     gain: { shape: [1], initial: (key, shape) => normal(key, shape) },
 *   },
 *   apply: ({ gain }, x) => mul(x, gain!),
 * })
 * gain.shapes // → { gain: [1] }
 */
export function networkOf(
  block: Drawing<
    Block<[x: Tensor, t: Tensor, condition: Tensor | undefined, draws: NamedTensors | undefined]>
  >,
  options: NetworkOptions = {},
): Network {
  const { apply, ...rest } = objectOf('networkOf', block, 'a block')
  checkFunctions('networkOf', { apply })
  const { limit } = optionsOf('networkOf', options, { limit: true })
  return namedNetwork(
    'networkOf',
    {
      ...rest,
      apply: (p, x, t, condition, draws) => apply(p, x, t, oneTensor('networkOf', condition), draws),
    },
    limit,
  )
}

/** A block that draws for a step of training: {@link Network.draw}. */
export type Drawing<B> = B & Pick<Network, 'draw'>

/** {@link networkOf} for messages of `where`, of a block that takes conditions by their names too. */
export function namedNetwork(
  where: string,
  block: Drawing<
    Block<[x: Tensor, t: Tensor, condition: Condition | undefined, draws: NamedTensors | undefined]>
  >,
  limit = MOST_PARAMETERS,
): Network {
  const { parameters, apply, draw: drawFor } = objectOf(where, block, 'a block')
  checkFunctions(where, drawFor ? { apply, draw: drawFor } : { apply })
  checkPositive(where, { limit })
  for (const [name, parameter] of Object.entries(objectOf(where, parameters, 'parameters by name'))) {
    const { shape, initial } = objectOf(where, parameter, `${name} to be a shape and its initial values`)
    checkLists(where, { [`${name}.shape`]: shape })
    checkFunctions(where, { [`${name}.initial`]: initial })
  }
  const shapes = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))
  const count = sizeOf(shapes)
  if (!(count <= limit)) throw expected(where, `at most ${limit} parameters (the option limit)`, count)
  return {
    shapes,
    init(key) {
      checkKeys(where, { key })
      return draw(parameters, key)
    },
    ...(drawFor && {
      draw(key: Key, count: number) {
        checkKeys(where, { key })
        checkIntegers(where, { count })
        return drawFor(key, count)
      },
    }),
    apply(values, x, t, condition, draws) {
      objectOf(where, values, 'parameters by name')
      for (const [name, shape] of Object.entries(shapes)) {
        checkTensors(where, { [name]: values[name] })
        checkShape(where, name, values[name]!.shape, shape)
      }
      checkTensors(where, { x, t })
      if (condition !== undefined) checkCondition(where, condition)
      if (draws !== undefined) checkTensors(where, objectOf(where, draws, 'draws by name'))
      return tidy(() => apply(values, x, t, condition, draws))
    },
  }
}

function checkCondition(where: string, condition: Condition): void {
  const named = isTensor(condition) ? {} : objectOf(where, condition, 'a condition')
  checkTensors(where, Object.keys(named).length > 0 ? named : { condition })
}

/** That t has a number for each row of x, and a condition a row, or one for all. @throws where it has not. */
export function checkRows(where: string, x: Tensor, t: Tensor, condition?: Condition): void {
  checkShape(where, 't', t.shape, x.shape.slice(0, 1))
  const [rows] = x.shape
  const named = condition === undefined || isTensor(condition) ? { condition } : condition
  for (const [name, tensor] of Object.entries(named)) {
    if (tensor && tensor.shape[0] !== 1 && tensor.shape[0] !== rows) {
      throw expected(where, `${name} of ${rows} rows, as x has`, formatShape(tensor.shape))
    }
  }
}

/** The condition of a network that is told one thing. @throws TypeError when it is told more by their names. */
export function oneTensor(where: string, condition: Condition | undefined): Tensor | undefined {
  if (condition === undefined || isTensor(condition)) return condition
  throw expectedType(where, 'condition to be a tensor', condition)
}

/** 4 GiB of float32. */
const MOST_PARAMETERS = 2 ** 30

/**
 * A network with its parameters (and what it is conditioned on) put in: (x, t) → network.apply(parameters, x, t, condition).
 *
 * @param condition Classes or what else the network is told, a row each; several things by their names.
 * @param draws What the network drew for a step of training. Without nothing is dropped.
 * @example
 * const network = mlp({ dims: 2 })
 * const parameters = network.init(key(0))
 * const score = bind(network, parameters)
 * score(zeros([8, 2]), ones([8])).shape // → [8, 2]
 */
export function bind(
  network: Network,
  parameters: NamedTensors,
  condition?: Condition,
  draws?: NamedTensors,
): ScoreFunction {
  checkMethods('bind', { network }, 'apply')
  checkTensors('bind', objectOf('bind', parameters, 'parameters by name'))
  if (condition !== undefined) checkCondition('bind', condition)
  if (draws !== undefined) checkTensors('bind', objectOf('bind', draws, 'draws by name'))
  return (x, t) => network.apply(parameters, x, t, condition, draws)
}

/**
 * Changes what a network's output means without touching its parameters: the network of which
 * `wrap(bind(network, p))` are the functions.
 *
 * @param wrap Makes the new function of the old one.
 * @example
 * const score = mapNetwork(mlp(), (f) => edmPreconditioned(f, vp()))
 */
export function mapNetwork(network: Network, wrap: (f: ScoreFunction) => ScoreFunction): Network {
  checkMethods('mapNetwork', { network }, 'init', 'apply')
  checkFunctions('mapNetwork', { wrap })
  return {
    ...network,
    apply(parameters, x, t, condition, draws) {
      const wrapped = wrap(bind(network, parameters, condition, draws))
      checkFunctions('mapNetwork', { 'what wrap gives': wrapped })
      return wrapped(x, t)
    },
  }
}

/**
 * Number of parameters of a network, none of them drawn.
 *
 * @example
 * countParameters(mlp({ dims: 2, hidden: [8] }))
 */
export function countParameters(network: Network): number {
  return sizeOf(shapesOf('countParameters', network))
}

/** The shapes of a network's parameters. @throws TypeError where it tells none. */
export function shapesOf(where: string, network: Network): Readonly<Record<string, Shape>> {
  const shapes = (network as Partial<Network> | undefined | null)?.shapes
  if (typeof shapes !== 'object' || shapes === null) {
    throw expectedType(where, 'a network that tells its shapes', network)
  }
  checkLists(where, shapes)
  return shapes
}

function sizeOf(shapes: Readonly<Record<string, Shape>>): number {
  return Object.values(shapes).reduce((total, shape) => total + shape.reduce((a, b) => a * b, 1), 0)
}

/** Options of every network that is made here. */
export interface NetworkOptions {
  /** The most parameters that the network may have. @default 2 ** 30 */
  readonly limit?: number
}
