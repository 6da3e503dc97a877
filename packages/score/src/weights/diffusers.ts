import type { NamedTensors } from '@sgm/tensor'
import {
  checkFlags,
  checkHalfOpen,
  checkIntegers,
  checkOneOf,
  checkPositive,
  checkTensors,
  expected,
  objectOf,
} from '@sgm/tensor/check'
import { transformer } from '../networks/transformer'
import { unet } from '../networks/unet'
import type { Network } from '../types'
import {
  type DiffusersTransformerConfig,
  isTransformer,
  transformerOfDiffusers,
} from './diffusers-transformer'
import { positions } from './positions'
import { fromTorch } from './torch'

/**
 * `config.json` of a UNet2DModel of diffusers, as far as it matters here; other keys are left alone.
 * Defaults are those of diffusers where a key is missing.
 */
export interface DiffusersConfig {
  readonly _class_name?: string
  readonly sample_size?: number | readonly number[] | null
  readonly in_channels?: number
  readonly out_channels?: number
  readonly center_input_sample?: boolean
  readonly time_embedding_type?: string
  readonly time_embedding_dim?: number | null
  readonly freq_shift?: number
  readonly flip_sin_to_cos?: boolean
  readonly down_block_types?: readonly string[]
  readonly mid_block_type?: string | null
  readonly up_block_types?: readonly string[]
  readonly block_out_channels?: readonly number[]
  readonly layers_per_block?: number
  readonly mid_block_scale_factor?: number
  readonly downsample_padding?: number
  readonly downsample_type?: string
  readonly upsample_type?: string
  readonly act_fn?: string
  readonly attention_head_dim?: number | null
  readonly norm_num_groups?: number
  readonly attn_norm_num_groups?: number | null
  readonly norm_eps?: number
  readonly resnet_time_scale_shift?: string
  readonly add_attention?: boolean
  readonly class_embed_type?: string | null
  readonly num_class_embeds?: number | null
}

/** A network with the parameters that were loaded for it. */
export interface LoadedNetwork {
  readonly network: Network
  /** The caller's to dispose. */
  readonly parameters: NamedTensors
}

/**
 * A pretrained UNet2DModel or DiTTransformer2DModel of diffusers: the network of its `config.json`, and its parameters from the
 * tensors of its safetensors file.
 *
 * The network takes images `[B, H, W, C]`, as its scheduler has them in [−1, 1], and the step itself as t; for one
 * that predicts noise over DDPM's linear schedule, `scoreFromDdpm(bind(network, parameters), vp())` is the score.
 * Where the model has classes, the last of them is used when no condition is given.
 *
 * A transformer's channels out are twice those in where it has learned its variance: the first half is the noise. Of U-Nets taken are
 * the blocks `DownBlock2D, AttnDownBlock2D, UNetMidBlock2D, UpBlock2D, AttnUpBlock2D`
 * with positional embeddings.
 *
 * @param config `config.json` of the model.
 * @param tensors Of its safetensors file.
 * @param size Height and width of the images. @default the configuration's sample_size
 * @throws RangeError when the configuration names something else, or the tensors are not its own.
 * @example
 * const load = async (config: DiffusersConfig, weights: Uint8Array) => {
 *   const { tensors } = deserialize(weights)
 *   return fromDiffusers(config, tensors)
 * }
 */
export function fromDiffusers(
  config: DiffusersConfig | DiffusersTransformerConfig,
  tensors: NamedTensors,
  size = sizeOf(config),
): LoadedNetwork {
  checkTensors('fromDiffusers', objectOf('fromDiffusers', tensors, 'named tensors'))
  if (isTransformer(config)) {
    const { plan, names } = transformerOfDiffusers(config, size, longestOf(tensors))
    const network = transformer('fromDiffusers', plan)
    return { network, parameters: fromTorch('fromDiffusers', network.shapes, tensors, names) }
  }
  const {
    in_channels: channels = 3,
    out_channels: outputs = 3,
    down_block_types: downTypes = ['DownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D'],
    up_block_types: upTypes = ['AttnUpBlock2D', 'AttnUpBlock2D', 'AttnUpBlock2D', 'UpBlock2D'],
    block_out_channels: widths = [224, 448, 672, 896],
    layers_per_block: blocks = 2,
    norm_num_groups: groups = 32,
    attention_head_dim: perHead = 8,
    num_class_embeds: classes = null,
  } = objectOf('fromDiffusers', config, 'a configuration')
  checkConfig(config)
  checkLists({ down_block_types: downTypes, up_block_types: upTypes, block_out_channels: widths })
  checkOneOf('fromDiffusers', named('down_block_types', downTypes), ['DownBlock2D', 'AttnDownBlock2D'])
  checkOneOf('fromDiffusers', named('up_block_types', upTypes), ['UpBlock2D', 'AttnUpBlock2D'])
  if (downTypes.length !== widths.length || upTypes.length !== widths.length) {
    const got = `${downTypes.length}, ${upTypes.length} and ${widths.length}`
    throw expected('fromDiffusers', 'as many block types down and up as block_out_channels', got)
  }
  // Nothing is built that the tensors cannot fill, whatever the configuration says.
  const longest = longestOf(tensors)
  checkIntegers('fromDiffusers', { layers_per_block: blocks }, 1, Math.max(1, Object.keys(tensors).length))
  const sizes = {
    in_channels: channels,
    out_channels: outputs,
    norm_num_groups: groups,
    ...named('block_out_channels', widths),
    ...(config.time_embedding_dim != null && { time_embedding_dim: config.time_embedding_dim }),
    ...(perHead !== null && { attention_head_dim: perHead }),
  }
  checkIntegers('fromDiffusers', sizes, 1, longest)
  if (classes !== null) checkIntegers('fromDiffusers', { num_class_embeds: classes }, 2, longest)
  checkIntegers('fromDiffusers', { 'block_out_channels[0] / 2': widths[0]! / 2 })
  checkHalfOpen('fromDiffusers', { freq_shift: config.freq_shift ?? 0 }, 0, widths[0]! / 2)
  const base = widths[0]!
  const network = unet('fromDiffusers', {
    size,
    channels,
    outputs,
    base,
    widths,
    blocks,
    attention: {
      down: downTypes.map((type) => type === 'AttnDownBlock2D'),
      middle: config.add_attention ?? true,
      up: upTypes.map((type) => type === 'AttnUpBlock2D').reverse(),
      lastOnly: false,
    },
    heads: (width) => (perHead === null ? 1 : width / perHead),
    groups: () => groups,
    epsilon: config.norm_eps ?? 1e-5,
    rescale: false,
    time: positions(base, config),
    features: config.time_embedding_dim ?? 4 * base,
    classes: classes === null ? undefined : classes - 1,
    centered: !(config.center_input_sample ?? false),
    residual: 'ddpm',
    fir: false,
    downPadding: (config.downsample_padding ?? 1) === 0 ? 'end' : 'both',
    progressiveInput: 'none',
    progressiveOutput: 'none',
  })
  const bottom = widths.length - 1
  const names = (name: string): readonly string[] => theirNames(name, bottom)
  return { network, parameters: fromTorch('fromDiffusers', network.shapes, tensors, names) }
}

const PARTS: Readonly<Record<string, readonly string[]>> = {
  norm1: ['norm1'],
  conv1: ['conv1'],
  time: ['time_emb_proj'],
  norm2: ['norm2'],
  conv2: ['conv2'],
  shortcut: ['conv_shortcut'],
  norm: ['group_norm'],
  query: ['to_q', 'query'],
  key: ['to_k', 'key'],
  value: ['to_v', 'value'],
  output: ['to_out.0', 'proj_attn'],
}

const WHOLE: Readonly<Record<string, string>> = {
  'time.linear1': 'time_embedding.linear_1',
  'time.linear2': 'time_embedding.linear_2',
  input: 'conv_in',
  'output.norm': 'conv_norm_out',
  'output.conv': 'conv_out',
}

/** Ours: `<way>.<level>.<i>.<block or attention>.<part>.<leaf>`, `middle.<i>.…` or `<way>.<level>.sample.<leaf>`. */
function theirNames(name: string, bottom: number): readonly string[] {
  if (name === 'classes.table') return ['class_embedding.weight']
  const [, module, leaf] = /^(.+)\.(weight|bias)$/.exec(name)!
  const whole = WHOLE[module!]
  if (whole) return [`${whole}.${leaf}`]
  const path = module!.split('.')
  const way = path.shift()!
  const level = way === 'middle' ? 0 : Number(path.shift())
  const parent =
    way === 'middle' ? 'mid_block' : way === 'down' ? `down_blocks.${level}` : `up_blocks.${bottom - level}`
  if (path[0] === 'sample') {
    return [`${parent}.${way === 'down' ? 'downsamplers' : 'upsamplers'}.0.conv.${leaf}`]
  }
  const [i, kind, part] = path as [string, string, string]
  const list = kind === 'block' ? 'resnets' : 'attentions'
  return PARTS[part]!.map((theirs) => `${parent}.${list}.${i}.${theirs}.${leaf}`)
}

/** The longest axis of all tensors. */
function longestOf(tensors: NamedTensors): number {
  return Object.values(tensors).reduce((most, { shape }) => Math.max(most, ...shape), 1)
}

function sizeOf(config: DiffusersConfig | DiffusersTransformerConfig): number {
  const { sample_size: size } = objectOf('fromDiffusers', config, 'a configuration')
  const [height, width] = typeof size === 'number' ? [size, size] : (size ?? [])
  if (height === undefined || height !== width) {
    throw expected('fromDiffusers', 'a sample_size of square images, or the size beside it', size)
  }
  return height
}

/** Throws where the configuration asks for what is not here. */
function checkConfig(config: DiffusersConfig): void {
  const groups = config.norm_num_groups ?? 32
  const only: Readonly<Record<string, readonly unknown[]>> = {
    time_embedding_type: ['positional'],
    mid_block_type: ['UNetMidBlock2D'],
    downsample_type: ['conv'],
    upsample_type: ['conv'],
    act_fn: ['silu', 'swish'],
    resnet_time_scale_shift: ['default'],
    class_embed_type: [null],
    mid_block_scale_factor: [1],
    attn_norm_num_groups: [null, groups],
    downsample_padding: [0, 1],
  }
  for (const [name, values] of Object.entries(only)) {
    const value = config[name as keyof DiffusersConfig]
    if (value !== undefined) checkOneOf('fromDiffusers', { [name]: value }, values)
  }
  const {
    norm_eps = 1e-5,
    add_attention = true,
    center_input_sample = false,
    flip_sin_to_cos = true,
  } = config
  checkPositive('fromDiffusers', { norm_eps })
  checkFlags('fromDiffusers', { add_attention, center_input_sample, flip_sin_to_cos })
}

function checkLists(lists: Readonly<Record<string, unknown>>): void {
  for (const [name, list] of Object.entries(lists)) {
    if (!Array.isArray(list) || list.length === 0)
      throw expected('fromDiffusers', `${name} to be a list`, list)
  }
}

/** The entries of a list, by the names that messages call them. */
function named<T>(name: string, list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((entry, i) => [`${name}[${i}]`, entry]))
}
