import { type Node, reducedAxes, type Value } from '@sgm/tensor/compile'
import { sameOrder } from '../../layout'
import type { Context } from '../context'
import { CHANNELS_FIRST, type Size4 } from '../geometry'
import { type Expression, type Match, matched } from './expression'
import type { Finder, Reading } from './merge'

/** A group normalisation as @sgm/score writes it, with an offset or without: from moments of channels, which gradients share. */
function normalised(offset?: string): Expression {
  const first: Expression = ['Reshape', ['Mean', 'x']]
  const centres: Expression = offset ? ['Add', first, offset] : first
  const centre: Expression = ['Mean', centres]
  const within: Expression = ['Sub', ['Reshape', ['Mean', ['Square', 'x']]], ['Square', first]]
  const between: Expression = ['Square', ['Sub', centres, centre]]
  const variance: Expression = ['Maximum', ['Mean', ['Add', within, between]], 'zero']
  const scale: Expression = ['Multiply', ['Rsqrt', ['Add', variance, 'epsilon']], 'weight']
  const shift: Expression = ['Add', 'bias', ['Multiply', ['Sub', offset ?? 'zero', centre], scale]]
  return ['Add', ['Multiply', 'x', ['Reshape', scale]], ['Reshape', shift]]
}

const forms = [normalised(), normalised('offset')]

/** Numbers of a group that it works on at once: they fit into the cache of a core, and those of more lose more to rounding (2·10⁻⁵ of 2²⁰ numbers of mean 14 standard deviations). */
const MOST = 1 << 16

/**
 * Group normalisation where nobody asks for its moments, as gradients do: the runtime's InstanceNormalization of groups takes them and applies them
 * while a group is in the cache, by one operator for twenty.
 */
export const groupNorm: Finder = (node, reading) => {
  if (node.kernel !== 'Add' || node.outputs[0]!.shape.length !== 4) return undefined
  for (const form of forms) {
    const match = matched(node.outputs[0]!, form, reading)
    const norm = match && normOf(match, reading)
    if (!norm) continue
    return {
      inner: [...match.calls].filter((call) => call !== node),
      pays: (context) => sameOrder(context.placed(norm.x).order, CHANNELS_FIRST),
      write: (context, output) => write(context, output, norm),
    }
  }
  return undefined
}

interface Norm {
  /** `[B, H, W, C]` */
  readonly x: Value
  readonly epsilon: number
  /** `[1, G, C/G]` */
  readonly weight: Value
  /** `[1, G, C/G]` */
  readonly bias: Value
  /** `[B, G, C/G]` */
  readonly offset: Value | undefined
}

/** Checks what the expression leaves open: constants, shapes and axes. */
function normOf({ values, calls }: Match, reading: Reading): Norm | undefined {
  const [x, weight, bias] = ['x', 'weight', 'bias'].map((name) => values.get(name)!) as [Value, Value, Value]
  const offset = values.get('offset')
  const epsilon = reading.number(values.get('epsilon')!)
  if (epsilon === undefined || reading.number(values.get('zero')!) !== 0) return undefined
  if (x.shape.length !== 4 || x.dtype !== 'float32' || weight.shape.length !== 3) return undefined
  const [batch, height, width, channels] = x.shape as Size4
  const [, groups, each] = weight.shape as [number, number, number]
  if (height * width * each > MOST) return undefined
  const [whole, of, apart] = [
    [1, groups, each],
    [batch, groups, each],
    [batch, 1, 1, channels],
  ].map(String)
  const fits =
    [weight, bias].every(({ shape }) => `${shape}` === whole) &&
    (!offset || `${offset.shape}` === of) &&
    [...calls].every((call) => {
      if (call.kernel === 'Reshape') return [of, apart].includes(`${call.outputs[0]!.shape}`)
      return call.kernel !== 'Mean' || areMoments(call)
    })
  return fits ? { x, epsilon, weight, bias, offset } : undefined
}

/** Whether means are over the places of images, or over the channels of groups, which stay as one. */
function areMoments({ inputs, attributes }: Node<'Mean'>): boolean {
  const axes = `${[...reducedAxes(inputs, attributes.axis)].sort()}`
  return inputs.x.shape.length === 4 ? axes === '1,2' : axes === '2' && attributes.keepDims === true
}

function write(context: Context, output: Value, { x, epsilon, weight, bias, offset }: Norm): void {
  const { builder } = context
  const [batch, height, width, channels] = x.shape as Size4
  const groups = weight.shape[1]!
  const images = context.as(x, CHANNELS_FIRST)
  const moved = offset
    ? builder.op('Add', [images, builder.reshape(context.as(offset), [batch, channels, 1, 1])])
    : images
  const rows = builder.reshape(moved, [batch, groups, (channels / groups) * height * width])
  const standard = builder.op(
    'InstanceNormalization',
    [rows, builder.repeated(1, [groups]), builder.repeated(0, [groups])],
    {
      epsilon: { float: epsilon },
    },
  )
  const ofChannels = [weight, bias].map((one) => builder.reshape(context.as(one), [channels]))
  const result = builder.op(
    'BatchNormalization',
    [
      builder.reshape(standard, [batch, channels, height, width]),
      ...ofChannels,
      builder.repeated(0, [channels]),
      builder.repeated(1, [channels]),
    ],
    { epsilon: { float: 0 } },
  )
  context.place(output, result, CHANNELS_FIRST)
}
