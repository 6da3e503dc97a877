import type { NamedTensors } from '@sgm/tensor'
import { checkIntegers, checkPositive, expected, objectOf } from '@sgm/tensor/check'
import { transformer } from '../networks/transformer'
import type { Network } from '../types'
import { checkOnly } from './check-only'
import { positions } from './positions'
import { longestOf, type TorchNames } from './torch'

/**
 * `config.json` of a DiTTransformer2DModel of diffusers, or of the Transformer2DModel that older files call it, as far as it matters
 * here; other keys are left alone. Defaults are those of diffusers where a key is missing.
 */
export interface DiffusersTransformerConfig {
  readonly _class_name: 'DiTTransformer2DModel' | 'Transformer2DModel'
  readonly sample_size?: number | readonly number[] | null
  readonly patch_size?: number
  readonly in_channels?: number
  readonly out_channels?: number | null
  readonly num_layers?: number
  readonly num_attention_heads?: number
  readonly attention_head_dim?: number
  readonly num_embeds_ada_norm?: number
  readonly norm_eps?: number
  readonly norm_type?: string
  readonly norm_elementwise_affine?: boolean
  readonly activation_fn?: string
  readonly attention_bias?: boolean
}

/** Whether a configuration is a transformer's. */
export function isTransformer(config: {
  readonly _class_name?: string
}): config is DiffusersTransformerConfig {
  const { _class_name: name } = objectOf('fromDiffusers', config, 'a configuration')
  return name === 'DiTTransformer2DModel' || name === 'Transformer2DModel'
}

/** The network of a configuration, and diffusers' names of its parameters. Nothing is built that its tensors cannot fill. */
export function transformerOfDiffusers(
  config: DiffusersTransformerConfig,
  size: number,
  tensors: NamedTensors,
): { readonly network: Network; readonly names: TorchNames } {
  const {
    patch_size: patch = 2,
    in_channels: channels = 4,
    out_channels,
    num_layers: depth = 28,
    num_attention_heads: heads = 16,
    attention_head_dim: perHead = 72,
    num_embeds_ada_norm: classes = 1000,
    norm_eps: epsilon = 1e-5,
  } = config
  const outputs = out_channels ?? channels
  checkOnly(config, ONLY)
  checkIntegers('fromDiffusers', { num_layers: depth }, 1, 1024)
  const sizes = {
    patch_size: patch,
    in_channels: channels,
    out_channels: outputs,
    num_attention_heads: heads,
    attention_head_dim: perHead,
    num_embeds_ada_norm: classes,
  }
  checkIntegers('fromDiffusers', sizes, 1, longestOf(tensors))
  checkPositive('fromDiffusers', { norm_eps: epsilon })
  const width = heads * perHead
  if (width % 4 !== 0) throw expected('fromDiffusers', 'a multiple of 4 features', width)
  if (size % patch !== 0) throw expected('fromDiffusers', `a sample_size that ${patch} divides`, size)
  return {
    network: transformer('fromDiffusers', {
      size,
      channels,
      outputs,
      patch,
      width,
      depth,
      heads,
      hidden: 4 * width,
      classes,
      time: positions(256, { freq_shift: 1 }),
      shared: false,
      epsilon,
    }),
    names: (name) => [theirName(name)],
  }
}

/** What there is here. */
const ONLY = {
  norm_type: ['ada_norm_zero'],
  norm_elementwise_affine: [false],
  activation_fn: ['gelu-approximate'],
  attention_bias: [true],
}

const PARTS: Readonly<Record<string, string>> = {
  patches: 'pos_embed.proj',
  'output.modulation': 'proj_out_1',
  'output.linear': 'proj_out_2',
  modulation: 'norm1.linear',
  query: 'attn1.to_q',
  key: 'attn1.to_k',
  value: 'attn1.to_v',
  output: 'attn1.to_out.0',
  linear1: 'ff.net.0.proj',
  linear2: 'ff.net.2',
  'time.linear1': 'norm1.emb.timestep_embedder.linear_1',
  'time.linear2': 'norm1.emb.timestep_embedder.linear_2',
  classes: 'norm1.emb.class_embedder.embedding_table',
}

/** Ours: `patches.<leaf>`, `output.<part>.<leaf>` or `blocks.<i>.<part>.<leaf>`. */
function theirName(name: string): string {
  const [, block, part, leaf] = /^(?:blocks\.(\d+)\.)?(.+)\.(weight|bias|table)$/.exec(name)!
  const theirs = `${PARTS[part!]}.${leaf === 'table' ? 'weight' : leaf}`
  return block === undefined ? theirs : `transformer_blocks.${block}.${theirs}`
}
