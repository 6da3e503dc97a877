import {
  add,
  concat,
  expected,
  expectedType,
  mul,
  type NamedTensors,
  type Shape,
  silu,
  sub,
  type Tensor,
} from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import type { Condition, Network } from '../types'
import { augmentationEmbedding } from './blocks/augmentation-embedding'
import { type Block, parametersOf } from './blocks/block'
import { classEmbedding, refuseCondition } from './blocks/class-embedding'
import { conv } from './blocks/conv'
import { checkMasks, drawMasks } from './blocks/dropout'
import { head } from './blocks/head'
import { uniformByFans } from './blocks/initializers'
import { linear } from './blocks/linear'
import { inputPyramid, outputPyramid, type Progressive } from './blocks/pyramid'
import { downMean, firDown, firUp, upNearest } from './blocks/resample'
import { type DownPadding, downConv, upConv } from './blocks/resample-conv'
import { type BlockStyle, dropoutOf, residual } from './blocks/residual'
import { imageNetwork } from './image-network'
import type { TimeEmbedding } from './time-embedding'

/** Everything in which the U-Nets of DDPM, DDPM++, NCSN++ and diffusers differ. */
export interface UnetPlan extends BlockStyle {
  readonly size: number
  readonly channels: number
  /** The most parameters. */
  readonly limit?: number | undefined
  readonly outputs: number
  /** Channels after the first convolution. */
  readonly base: number
  /** Channels of each level, the finest first. */
  readonly widths: readonly number[]
  /** Residual blocks of a level on the way down; on the way up there is one more. */
  readonly blocks: number
  /**
   * Where attention follows the blocks: at which levels on either way, and whether up only the last block of a level.
   */
  readonly attention: {
    readonly down: readonly boolean[]
    readonly middle: boolean
    readonly up: readonly boolean[]
    readonly lastOnly: boolean
  }
  /** Attention among so many channels, at a level; it sees the condition of the network too, if that is no class. */
  attending(name: string, channels: number, level: number): Block<[x: Tensor, context: Tensor | undefined]>
  /** Whether that attention sees what the network is told. @default false */
  readonly seesContext?: boolean
  /** Chance, in [0, 1), that a number before the second convolution of a block is dropped in training. @default 0 */
  readonly dropout?: number | undefined
  /** Features of t. */
  readonly time: TimeEmbedding
  /** Width of the embedding of t, and of the class. */
  readonly features: number
  readonly classes?: number | undefined
  /** How many numbers tell it how an image was altered. @default 0 */
  readonly augmentations?: number | undefined
  /** What is added to the embedding of t of all else that the network is told. @default nothing */
  readonly told?: Block<[told: NamedTensors]> | undefined
  /** Whether there is a part between the ways down and up. @default true */
  readonly middle?: boolean
  /** Whether the class is added to the features of t, not to what two layers make of them. @default false */
  readonly classFirst?: boolean
  /** Whether images lie in [−1, 1] already; others become 2x − 1. */
  readonly centered: boolean
  readonly residual: 'ddpm' | 'biggan'
  readonly fir: boolean
  readonly downPadding: DownPadding
  readonly progressiveInput: Progressive
  readonly progressiveOutput: Progressive
}

type Step = Block<[x: Tensor, features: Tensor, context?: Tensor | undefined]>

/** The U-Net of a plan; its parameters come in the order in which the published code makes them. */
export function unet(where: string, plan: UnetPlan): Network {
  const { size, channels, base, widths, blocks, features, fir } = plan
  const bottom = widths.length - 1
  if (size % 2 ** bottom !== 0) throw expected(where, `size to be a multiple of ${2 ** bottom}`, size)

  const initial = uniformByFans()
  const time = plan.time.block('time')
  const embedding1 = linear('time.linear1', { inputs: plan.time.size, outputs: features, initial })
  const embedding2 = linear('time.linear2', { inputs: features, outputs: features, initial })
  const labels =
    plan.classes === undefined
      ? undefined
      : classEmbedding('classes', plan.classes, plan.classFirst ? plan.time.size : features)
  const augmentation = plan.augmentations
    ? augmentationEmbedding('augmentation', plan.augmentations, features)
    : undefined
  const input = conv('input', { inputs: channels, outputs: base, initial })

  const masks: Record<string, Shape> = {}
  const masked = (name: string, outputs: number, side: number): void => {
    masks[dropoutOf(name)] = [side, side, outputs]
  }
  const ddpm = plan.residual === 'ddpm'
  const row = (name: string, inputs: number, outputs: number, level: number, attends: boolean): Step => {
    const block = residual(
      `${name}.block`,
      { inputs, outputs, features, shortcutScale: ddpm ? 0.1 : 1 },
      plan,
    )
    masked(`${name}.block`, outputs, size / 2 ** level)
    const after = attends ? plan.attending(`${name}.attention`, outputs, level) : undefined
    return {
      parameters: parametersOf(block, after),
      apply: (p, x, embedded, context) => {
        const h = block.apply(p, x, embedded)
        return after ? after.apply(p, h, context) : h
      },
    }
  }
  const sampled = (name: string, width: number, level: number, way: 'down' | 'up'): Step => {
    const shape = { inputs: width, outputs: width }
    if (ddpm && way === 'down') return downConv(name, { ...shape, fir }, plan.downPadding)
    if (ddpm) return upConv(name, { ...shape, fir })
    masked(name, width, size / 2 ** (way === 'down' ? level + 1 : level - 1))
    const resample = way === 'down' ? (fir ? firDown : downMean) : fir ? firUp : upNearest
    return residual(name, { ...shape, features, resample, shortcutScale: 1 }, plan)
  }

  let width = base
  const skips = [base]
  const down = widths.map((outputs, level) => {
    const name = `down.${level}`
    const rows = Array.from({ length: blocks }, (_, i) => {
      const step = row(`${name}.${i}`, width, outputs, level, plan.attention.down[level]!)
      width = outputs
      skips.push(width)
      return step
    })
    if (level === bottom) return { rows }
    skips.push(width)
    const kind = plan.progressiveInput
    const before = kind === 'residual' && level > 0 ? widths[level - 1]! : channels
    return {
      rows,
      sample: sampled(`${name}.sample`, width, level, 'down'),
      pyramid:
        kind === 'none'
          ? undefined
          : inputPyramid(`${name}.pyramid`, kind, { before, beside: width, fir }, plan),
    }
  })
  const middle = (plan.middle === false ? [] : [0, 1]).map((i) =>
    row(`middle.${i}`, width, width, bottom, i === 0 && plan.attention.middle),
  )
  const up = widths.map((_, i) => {
    const level = bottom - i
    const name = `up.${level}`
    const outputs = widths[level]!
    const rows = Array.from({ length: blocks + 1 }, (_, j) => {
      const attends = plan.attention.up[level]! && (j === blocks || !plan.attention.lastOnly)
      const step = row(`${name}.${j}`, width + skips.pop()!, outputs, level, attends)
      width = outputs
      return step
    })
    const kind = plan.progressiveOutput
    const before = kind === 'residual' && level < bottom ? widths[level + 1]! : plan.outputs
    return {
      rows,
      pyramid:
        kind === 'none'
          ? undefined
          : outputPyramid(`${name}.pyramid`, kind, { before, beside: width, fir }, plan, level === bottom),
      sample: level === 0 ? undefined : sampled(`${name}.sample`, width, level, 'up'),
    }
  })
  const output =
    plan.progressiveOutput === 'skip'
      ? undefined
      : head('output', { inputs: width, outputs: plan.outputs }, plan)

  const isTold = Boolean(labels || augmentation || plan.told || plan.seesContext)
  const parameters = parametersOf(
    time,
    embedding1,
    embedding2,
    labels,
    augmentation,
    plan.told,
    input,
    ...down.flatMap(({ rows, sample, pyramid }) => [...rows, sample, pyramid]),
    ...middle,
    ...up.flatMap(({ rows, sample, pyramid }) => [...rows, pyramid, sample]),
    output,
  )
  const { dropout = 0 } = plan
  const draw: Network['draw'] =
    dropout > 0 ? (key, count) => drawMasks(masks, dropout, key, count) : undefined
  const apply = (
    weights: NamedTensors,
    x: Tensor,
    t: Tensor,
    condition?: Condition,
    draws?: NamedTensors,
  ): Tensor => {
    if (draws) checkMasks(where, draw ? masks : {}, draws, x.shape[0]!)
    const p = draws ? { ...weights, ...draws } : weights
    if (!isTold) refuseCondition(where, condition)
    const told = byName(
      condition,
      labels ? 'class_labels' : augmentation ? 'augmentation' : 'encoder_hidden_states',
    )
    if (told.augmentation && !augmentation) {
      throw expectedType(where, 'no augmentation, for the network was made without augmentations', 'one')
    }
    const withClass = (h: Tensor): Tensor => (labels ? add(h, labels.apply(p, told.class_labels)) : h)
    const features = time.apply(p, t)
    const raw = embedding2.apply(
      p,
      silu(embedding1.apply(p, plan.classFirst ? withClass(features) : features)),
    )
    const classed = plan.classFirst ? raw : withClass(raw)
    const whole = told.augmentation ? add(classed, augmentation!.apply(p, told.augmentation)) : classed
    const embedded = silu(plan.told ? add(whole, plan.told.apply(p, told)) : whole)
    const context = told.encoder_hidden_states
    let pyramid = plan.centered ? x : sub(mul(x, 2), 1)
    let h = input.apply(p, pyramid)
    const kept = [h]
    for (const level of down) {
      for (const step of level.rows) {
        h = step.apply(p, h, embedded, context)
        kept.push(h)
      }
      if (!level.sample) continue
      h = level.sample.apply(p, h, embedded)
      if (level.pyramid) ({ h, pyramid } = level.pyramid.apply(p, h, pyramid))
      kept.push(h)
    }
    for (const step of middle) h = step.apply(p, h, embedded, context)
    for (const level of up) {
      for (const step of level.rows) h = step.apply(p, concat([h, kept.pop()!], 3), embedded, context)
      if (level.pyramid) ({ h, pyramid } = level.pyramid.apply(p, h, pyramid))
      if (level.sample) h = level.sample.apply(p, h, embedded)
    }
    return output ? output.apply(p, h) : pyramid
  }
  return imageNetwork(where, { size, channels, limit: plan.limit }, parameters, apply, draw)
}

/** Conditions by their names; one alone by the name that it has then. */
function byName(condition: Condition | undefined, alone: string): NamedTensors {
  if (condition === undefined) return {}
  return isTensor(condition) ? { [alone]: condition } : condition
}
