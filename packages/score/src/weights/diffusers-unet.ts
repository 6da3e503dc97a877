import type { NamedTensors } from '@sgm/tensor'
import {
  checkFlags,
  checkHalfOpen,
  checkIntegers,
  checkOneOf,
  checkPositive,
  expected,
  objectOf,
} from '@sgm/tensor/check'
import { attention } from '../networks/blocks/attention'
import type { BlockStyle } from '../networks/blocks/residual'
import { spatialTransformer } from '../networks/blocks/spatial-transformer'
import { type UnetPlan, unet } from '../networks/unet'
import type { Network } from '../types'
import { checkOnly } from './check-only'
import type { DiffusersConfig } from './diffusers-config'
import { theirNames } from './diffusers-names'
import { toldOfDiffusers } from './diffusers-told'
import { positions } from './positions'
import { longestOf, type TorchNames } from './torch'

/** What the two kinds of U-Net have as their defaults, and call their parts. */
const KINDS = {
  UNet2DModel: {
    channels: 3,
    attention: 'Attn',
    middle: 'UNetMidBlock2D',
    down: ['DownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D'],
    up: ['AttnUpBlock2D', 'AttnUpBlock2D', 'AttnUpBlock2D', 'UpBlock2D'],
    widths: [224, 448, 672, 896],
  },
  UNet2DConditionModel: {
    channels: 4,
    attention: 'CrossAttn',
    middle: 'UNetMidBlock2DCrossAttn',
    down: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
    up: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
    widths: [320, 640, 1280, 1280],
  },
} as const

/** The network of a configuration, and diffusers' names of its parameters. Nothing is built that its tensors cannot fill. */
export function unetOfDiffusers(
  config: DiffusersConfig,
  size: number,
  tensors: NamedTensors,
): { readonly network: Network; readonly names: TorchNames } {
  const { _class_name: name = 'UNet2DModel' } = objectOf('fromDiffusers', config, 'a configuration')
  checkOneOf('fromDiffusers', { _class_name: name }, [...Object.keys(KINDS), 'DiTTransformer2DModel'])
  const conditional = name === 'UNet2DConditionModel'
  const kind = conditional ? KINDS.UNet2DConditionModel : KINDS.UNet2DModel
  const {
    in_channels: channels = kind.channels,
    out_channels: outputs = kind.channels,
    down_block_types: downTypes = kind.down,
    up_block_types: upTypes = kind.up,
    block_out_channels: widths = kind.widths,
    layers_per_block: blocks = 2,
    norm_num_groups: groups = 32,
  } = config
  // diffusers leaves their number alone where they are told otherwise than by a table
  const classes = config.class_embed_type ? null : (config.num_class_embeds ?? null)
  checkConfig(config, kind.middle)
  checkOnly(config, conditional ? ONLY_CONDITIONAL : ONLY_PLAIN)
  checkLists({ down_block_types: downTypes, up_block_types: upTypes, block_out_channels: widths })
  checkOneOf('fromDiffusers', named('down_block_types', downTypes), [
    'DownBlock2D',
    `${kind.attention}DownBlock2D`,
  ])
  checkOneOf('fromDiffusers', named('up_block_types', upTypes), ['UpBlock2D', `${kind.attention}UpBlock2D`])
  if (downTypes.length !== widths.length || upTypes.length !== widths.length) {
    const got = `${downTypes.length}, ${upTypes.length} and ${widths.length}`
    throw expected('fromDiffusers', 'as many block types down and up as block_out_channels', got)
  }
  const longest = longestOf(tensors)
  checkIntegers('fromDiffusers', { layers_per_block: blocks }, 1, Math.max(1, Object.keys(tensors).length))
  const sizes = {
    in_channels: channels,
    out_channels: outputs,
    norm_num_groups: groups,
    ...named('block_out_channels', widths),
    ...(config.time_embedding_dim != null && { time_embedding_dim: config.time_embedding_dim }),
  }
  checkIntegers('fromDiffusers', sizes, 1, longest)
  if (classes !== null) {
    checkIntegers('fromDiffusers', { num_class_embeds: classes }, 2, longest)
  }
  checkIntegers('fromDiffusers', { 'block_out_channels[0] / 2': widths[0]! / 2 })
  checkHalfOpen('fromDiffusers', { freq_shift: config.freq_shift ?? 0 }, 0, widths[0]! / 2)
  const base = widths[0]!
  const features = config.time_embedding_dim ?? 4 * base
  const style: BlockStyle = { groups: () => groups, epsilon: config.norm_eps ?? 1e-5, rescale: false }
  const network = unet('fromDiffusers', {
    ...style,
    size,
    channels,
    outputs,
    base,
    widths,
    blocks,
    attention: {
      down: downTypes.map((type) => type.startsWith(kind.attention)),
      middle: config.add_attention ?? true,
      up: upTypes.map((type) => type.startsWith(kind.attention)).reverse(),
      lastOnly: false,
    },
    seesContext: conditional,
    attending: (conditional ? toContext : toItself)(config, style, longest),
    time: positions(base, config),
    features,
    told: toldOfDiffusers(config, { base, features, longest }),
    middle: config.mid_block_type !== null,
    classes: classes === null ? undefined : classes - 1,
    centered: !(config.center_input_sample ?? false),
    residual: 'ddpm',
    fir: false,
    downPadding: (config.downsample_padding ?? 1) === 0 ? 'end' : 'both',
    progressiveInput: 'none',
    progressiveOutput: 'none',
  })
  const bottom = widths.length - 1
  return { network, names: (name) => theirNames(name, bottom) }
}

/** Attention of a UNet2DModel. */
function toItself(config: DiffusersConfig, style: BlockStyle, longest: number): UnetPlan['attending'] {
  const { attention_head_dim: perHead = 8 } = config
  if (perHead === null) return (name, channels) => attention(name, { channels }, style)
  checkIntegers('fromDiffusers', { attention_head_dim: perHead as number }, 1, longest)
  return (name, channels) => attention(name, { channels, heads: channels / (perHead as number) }, style)
}

/** Attention of a UNet2DConditionModel. */
function toContext(config: DiffusersConfig, style: BlockStyle, longest: number): UnetPlan['attending'] {
  const {
    attention_head_dim: heads = 8,
    cross_attention_dim: width = 1280,
    transformer_layers_per_block: layers = 1,
    use_linear_projection: linear = false,
  } = config
  const each = named('attention_head_dim', Array.isArray(heads) ? heads : [heads])
  const rows = named('transformer_layers_per_block', Array.isArray(layers) ? layers : [layers])
  checkIntegers('fromDiffusers', { ...each, cross_attention_dim: width }, 1, longest)
  checkIntegers('fromDiffusers', rows, 1, 256)
  checkFlags('fromDiffusers', { use_linear_projection: linear })
  const at = (values: object, level: number): number =>
    Object.values(values)[Math.min(level, Object.keys(values).length - 1)]
  return (name, channels, level) => {
    const count = at(each, level)
    if (channels % count !== 0) {
      throw expected('fromDiffusers', `an attention_head_dim that divides ${channels} channels`, count)
    }
    const context = { width, layers: at(rows, level), linear }
    return spatialTransformer(name, { channels, heads: count, groups: style.groups(channels), context })
  }
}

/** What there is here of a UNet2DModel alone. */
const ONLY_PLAIN = { class_embed_type: [null, 'timestep', 'identity'], addition_embed_type: [null] }

/** What there is here of a UNet2DConditionModel alone. */
const ONLY_CONDITIONAL = {
  class_embed_type: [null, 'timestep', 'identity', 'projection'],
  class_embeddings_concat: [false],
  addition_embed_type: [null, 'text_time'],
  encoder_hid_dim: [null],
  encoder_hid_dim_type: [null],
  num_attention_heads: [null],
  reverse_transformer_layers_per_block: [null],
  time_cond_proj_dim: [null],
  timestep_post_act: [null],
  time_embedding_act_fn: [null],
  dual_cross_attention: [false],
  only_cross_attention: [false],
  mid_block_only_cross_attention: [null, false],
  attention_type: ['default'],
  cross_attention_norm: [null],
  resnet_skip_time_act: [false],
  resnet_out_scale_factor: [1],
  conv_in_kernel: [3],
  conv_out_kernel: [3],
}

/** Throws where the configuration asks for what is not here. */
function checkConfig(config: DiffusersConfig, middle: string): void {
  const groups = config.norm_num_groups ?? 32
  checkOnly(config, {
    time_embedding_type: ['positional'],
    mid_block_type: [middle, null],
    downsample_type: ['conv'],
    upsample_type: ['conv'],
    act_fn: ['silu', 'swish'],
    resnet_time_scale_shift: ['default'],
    mid_block_scale_factor: [1],
    attn_norm_num_groups: [null, groups],
    downsample_padding: [0, 1],
  })
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
