import {
  concat,
  cos,
  gelu,
  matMul,
  mul,
  reshape,
  sin,
  slice,
  stopGradient,
  type Tensor,
  transpose,
} from '@sgm/tensor'
import type { Network } from '../types'
import {
  type AdaptiveBlock,
  type AdaptiveStyle,
  adaptiveAttention,
  adaptiveResidual,
} from './blocks/adaptive'
import { type Block, parametersOf } from './blocks/block'
import { conv } from './blocks/conv'
import { gaussian, zero } from './blocks/initializers'
import { linear } from './blocks/linear'
import { linearDown, linearUp } from './blocks/resample'
import { imageNetwork } from './image-network'

/** Everything in which the U-Nets of k-diffusion, its `image_v1`, differ. */
export interface AdaptiveUnetPlan extends AdaptiveStyle {
  readonly size: number
  readonly channels: number
  /** Side of the squares of pixels that are one to the network. */
  readonly patch: number
  /** Whether a last channel tells a variance, which is left out. */
  readonly variance: boolean
  /** The levels, the finest first. */
  readonly levels: readonly {
    /** Residual blocks on either way. */
    readonly depth: number
    readonly width: number
    /** Whether attention follows each of them. */
    readonly attention: boolean
  }[]
}

/** The U-Net of a plan, its parameters named as k-diffusion names them. It is told ¼ ln σ. */
export function adaptiveUnet(where: string, plan: AdaptiveUnetPlan): Network {
  const { size, channels, patch, levels, features } = plan
  const pixels = patch * patch * channels
  const first = levels[0]!.width
  const embedding = levelEmbedding(features)
  const input = conv('proj_in', { inputs: pixels, outputs: first, size: 1 })
  const outputs = plan.variance ? pixels + 1 : pixels
  const output = conv('proj_out', { inputs: first, outputs, size: 1, initial: zero })
  const bottom = levels.length - 1

  const down = levels.map(({ width }, level) =>
    rows(`u_net.d_blocks.${level}`, 1, plan, level, levels[Math.max(0, level - 1)]!.width, width),
  )
  // Those up are numbered from the coarsest.
  const up = levels.map((_, i) => {
    const level = bottom - i
    const { width } = levels[level]!
    const inputs = level === bottom ? width : 2 * width
    return rows(`u_net.u_blocks.${i}`, 0, plan, level, inputs, levels[Math.max(0, level - 1)]!.width)
  })
  const blocks = [...down, ...up].flat()
  const parameters = parametersOf(embedding, input, ...blocks, output)
  return imageNetwork(where, { size, channels }, parameters, (p, x, level) => {
    const told = embedding.apply(p, level)
    const through = (steps: readonly AdaptiveBlock[], h: Tensor): Tensor =>
      steps.reduce((h, step) => step.apply(p, h, told), h)
    let h = input.apply(p, unshuffled(x, plan))
    const kept: Tensor[] = []
    for (const [level, steps] of down.entries()) {
      h = through(steps, level === 0 ? h : linearDown(h))
      kept.push(h)
    }
    kept.pop()
    for (const [i, steps] of up.entries()) {
      h = through(steps, i === 0 ? h : concat([h, kept.pop()!], 3))
      if (i < bottom) h = linearUp(h)
    }
    const y = output.apply(p, h)
    return shuffled(plan.variance ? slice(y, [0, 0, 0, 0], [...y.shape.slice(0, 3), pixels]) : y, plan)
  })
}

/** The blocks of a level on one way; attention counts as one where there is any. */
function rows(
  name: string,
  from: number,
  plan: AdaptiveUnetPlan,
  level: number,
  inputs: number,
  outputs: number,
): AdaptiveBlock[] {
  const { depth, width, attention } = plan.levels[level]!
  const each = attention ? 2 : 1
  return Array.from({ length: depth }, (_, i) => {
    const at = from + each * i
    const out = i === depth - 1 ? outputs : width
    const block = adaptiveResidual(
      `${name}.${at}`,
      { inputs: i === 0 ? inputs : width, middle: width, outputs: out },
      plan,
    )
    return attention ? [block, adaptiveAttention(`${name}.${at + 1}`, out, plan)] : [block]
  }).flat()
}

/** Cosines and sines of ¼ ln σ at random frequencies, `timestep_embed.weight`, and two layers, `mapping.{0,2}`. */
function levelEmbedding(features: number): Block<[level: Tensor]> {
  const frequencies = 'timestep_embed.weight'
  const layer = (at: number) => linear(`mapping.${at}`, { inputs: features, outputs: features })
  const [linear1, linear2] = [layer(0), layer(2)]
  const drawn = { parameters: { [frequencies]: { shape: [1, features / 2], initial: gaussian() } } }
  return {
    parameters: parametersOf(drawn, linear1, linear2),
    apply: (p, level) => {
      const angles = mul(matMul(reshape(level, [-1, 1]), stopGradient(p[frequencies]!)), 2 * Math.PI)
      const waves = concat([cos(angles), sin(angles)], 1)
      return gelu(linear2.apply(p, gelu(linear1.apply(p, waves))))
    },
  }
}

type Cut = Pick<AdaptiveUnetPlan, 'size' | 'channels' | 'patch'>

/** PyTorch's pixel_unshuffle: the pixels of a square are the channels of each channel. */
function unshuffled(x: Tensor, { size, channels, patch }: Cut): Tensor {
  if (patch === 1) return x
  const side = size / patch
  const parts = reshape(x, [-1, side, patch, side, patch, channels])
  return reshape(transpose(parts, [0, 1, 3, 5, 2, 4]), [-1, side, side, patch * patch * channels])
}

function shuffled(y: Tensor, { size, channels, patch }: Cut): Tensor {
  if (patch === 1) return y
  const side = size / patch
  const parts = reshape(y, [-1, side, side, channels, patch, patch])
  return reshape(transpose(parts, [0, 1, 4, 2, 5, 3]), [-1, size, size, channels])
}
