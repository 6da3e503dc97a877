import {
  add,
  concat,
  mul,
  type NamedTensors,
  reshape,
  slice,
  type Tensor,
  tidy,
  transpose,
  zeros,
} from '@sgm/tensor'
import { checkIntegers, checkTensors, expected, objectOf, optionsOf } from '@sgm/tensor/check'
import { attention } from '../networks/blocks/attention'
import type { BlockStyle } from '../networks/blocks/residual'
import { gaussianFourier, sinusoidal, type TimeEmbedding } from '../networks/time-embedding'
import { type UnetPlan, unet } from '../networks/unet'
import type { LoadedNetwork } from './diffusers'
import { edmNames } from './edm-names'
import { checkShapeOf } from './matched'
import { positions } from './positions'
import { fromTorch } from './torch'

/** Options of {@link fromEdm}. */
export interface FromEdmOptions {
  /** Channels of a head in the attention of ADM's networks. @default 64 */
  readonly headChannels?: number
}

/**
 * A pretrained network of EDM (Karras et al. 2022, https://github.com/NVlabs/edm): its `SongUNet`, which is DDPM++ or NCSN++, or its
 * `DhariwalUNet`, which is ADM, from the tensors of its state, with or without the prefix `model.`. What the network is, its size, widths,
 * blocks, attention, filters and classes, is read from the names and shapes of the tensors, so no configuration is needed.
 *
 * The network takes images `[B, size, size, C]`, which EDM has in [−1, 1], and c_noise = ¼ ln σ as t:
 * `edmPreconditioned(bind(network, parameters), edm())` is the score. Of n classes the label n, or no condition, is none. Weights of the
 * augmentation's labels are left out: those are for training.
 *
 * To have the tensors in a file that `deserialize` reads, save the `ema` of the published pickle as safetensors:
 * `safetensors.torch.save_file(pickle.load(file)['ema'].float().state_dict(), path)` in Python, beside EDM's code.
 *
 * @param tensors By their names in EDM's networks.
 * @throws RangeError when the tensors are of no such network: one is missing, of another shape, or left.
 * @example
 * const load = (weights: Uint8Array) => {
 *   const { tensors } = deserialize(weights)
 *   const { network, parameters } = fromEdm(tensors)
 *   return edmPreconditioned(bind(network, parameters), edm())
 * }
 */
export function fromEdm(tensors: NamedTensors, options: FromEdmOptions = {}): LoadedNetwork {
  const { headChannels = 64 } = optionsOf('fromEdm', options, { headChannels: true })
  checkIntegers('fromEdm', { headChannels })
  checkTensors('fromEdm', objectOf('fromEdm', tensors, 'named tensors'))
  const state = withoutPrefix(tensors)
  const plan = planOf(state, headChannels)
  const network = unet('fromEdm', plan)
  const names = edmNames(plan.size, plan.widths.length)
  const ignored = Object.keys(state).filter(
    (name) => name.endsWith('.resample_filter') || name === 'map_augment.weight',
  )
  const parameters = tidy(() => fromTorch('fromEdm', network.shapes, arranged(state), names, ignored))
  return { network, parameters }
}

function withoutPrefix(tensors: NamedTensors): NamedTensors {
  const prefix = 'model.'
  if (!Object.keys(tensors).every((name) => name.startsWith(prefix))) return tensors
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [name.slice(prefix.length), value]),
  )
}

/** Query, key and value apart, which EDM has in every third row, and the labels' layer as a table. */
function arranged(state: NamedTensors): NamedTensors {
  const entries = Object.entries(state).flatMap(([name, value]): [string, Tensor][] => {
    const [, block, leaf] = /^(.+)\.qkv\.(weight|bias)$/.exec(name) ?? []
    if (block !== undefined) {
      const [rows = 0, inputs = 1] = value.shape
      if (rows % 3 !== 0) throw expected('fromEdm', `${name} to have rows in threes`, rows)
      const thirds = reshape(value, [rows / 3, 3, inputs])
      return ['query', 'key', 'value'].map((part, i) => {
        const third = slice(thirds, [0, i, 0], [rows / 3, 1, inputs])
        return [`${block}.${part}.${leaf}`, reshape(third, leaf === 'bias' ? [-1] : [-1, inputs])]
      })
    }
    return name.startsWith('map_label.') ? [] : [[name, value]]
  })
  return { ...Object.fromEntries(entries), ...classTable(state) }
}

/** The vector of each class and of none: the labels' layer applied to √n times a one at the class in SongUNet, to a one in ADM. */
function classTable({ 'map_label.weight': weight, 'map_label.bias': bias }: NamedTensors): NamedTensors {
  if (!weight) return {}
  const [features, classes] = weight.shape as [number, number]
  if (bias) checkShapeOf('fromEdm', 'map_label.bias', bias.shape, [features])
  const rows = bias ? add(mul(transpose(weight), Math.sqrt(classes)), bias) : transpose(weight)
  return { 'classes.W': concat([rows, reshape(bias ?? zeros([features]), [1, features])], 0) }
}

/** The network whose weights these are. */
function planOf(state: NamedTensors, headChannels: number): UnetPlan {
  const names = Object.keys(state)
  const has = (name: string): boolean => Object.hasOwn(state, name)
  const shapeOf = (name: string, rank: number): readonly number[] => {
    const shape = has(name) ? state[name]!.shape : []
    if (shape.length !== rank)
      throw expected('fromEdm', `a tensor ${name} of rank ${rank}`, has(name) ? shape.length : 'none')
    return shape
  }
  const sizes = names
    .flatMap((name) => /^enc\.(\d+)x\1_block0\.conv1\.weight$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
  const [size] = sizes
  if (size === undefined) {
    throw expected('fromEdm', 'a network of EDM, with tensors such as enc.32x32_block0.conv1.weight', 'none')
  }
  const down = sizes.map((side) => `enc.${side}x${side}_block`)
  const up = sizes.map((side) => `dec.${side}x${side}_block`)
  const blocks = names.filter((name) => name.startsWith(down[0]!) && name.endsWith('.conv1.weight')).length
  const adm = has('out_conv.weight')
  const [base, channels] = shapeOf(`enc.${size}x${size}_conv.weight`, 4) as [number, number]
  const [features, timeSize] = shapeOf('map_layer0.weight', 2) as [number, number]
  const last = adm ? 'out_conv.weight' : `dec.${size}x${size}_aux_conv.weight`
  const style: BlockStyle = {
    groups: (count) => Math.min(32, Math.floor(count / 4)),
    epsilon: adm ? 1e-5 : 1e-6,
    rescale: !adm,
    modulated: adm,
    plainShortcut: adm,
  }
  return {
    ...style,
    size,
    channels,
    outputs: shapeOf(last, 4)[0]!,
    base,
    widths: down.map((block) => shapeOf(`${block}0.conv1.weight`, 4)[0]!),
    blocks,
    attention: {
      down: down.map((block) => has(`${block}0.qkv.weight`)),
      middle: has(`dec.${sizes.at(-1)}x${sizes.at(-1)}_in0.qkv.weight`),
      up: up.map((block) => has(`${block}${blocks}.qkv.weight`)),
      lastOnly: !adm,
    },
    attending: (name, width) => {
      const heads = adm ? width / headChannels : 1
      if (!Number.isInteger(heads)) {
        throw expected('fromEdm', `headChannels to divide ${width} channels`, headChannels)
      }
      return attention(name, { channels: width, heads }, style)
    },
    time: timeOf(timeSize, { adm, fourier: has('map_noise.freqs') }),
    features,
    classes: has('map_label.weight') ? shapeOf('map_label.weight', 2)[1]! : undefined,
    classFirst: !adm,
    centered: true,
    residual: 'biggan',
    fir: names.some((name) => name.endsWith('.resample_filter') && state[name]!.shape.at(-1) === 4),
    downPadding: 'both',
    progressiveInput: progressive(names, 'enc'),
    progressiveOutput: progressive(names, 'dec'),
  }
}

function progressive(names: readonly string[], way: 'enc' | 'dec'): UnetPlan['progressiveInput'] {
  const has = (part: string): boolean =>
    names.some((name) => name.startsWith(`${way}.`) && name.includes(part))
  if (has('_aux_residual.')) return 'residual'
  return has('_aux_skip.') || has('_aux_up.') ? 'skip' : 'none'
}

/** Features of c_noise; ADM's are cosines and sines of other frequencies than DDPM's. */
function timeOf(size: number, { adm, fourier }: { adm: boolean; fourier: boolean }): TimeEmbedding {
  if (fourier) return gaussianFourier({ size, scale: 16 })
  return adm ? positions(size) : sinusoidal({ size, timeScale: 1 })
}
