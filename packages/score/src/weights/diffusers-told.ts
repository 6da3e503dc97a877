import {
  add,
  concat,
  expectedType,
  formatShape,
  type NamedTensors,
  reshape,
  silu,
  type Tensor,
} from '@sgm/tensor'
import { checkIntegers, isTensor } from '@sgm/tensor/check'
import { type Block, parametersOf } from '../networks/blocks/block'
import { uniformByFans } from '../networks/blocks/initializers'
import { linear } from '../networks/blocks/linear'
import type { DiffusersConfig } from './diffusers-config'
import { positions } from './positions'

/** What is added to the embedding of the time, out of conditions by their names. */
export type Told = Block<[told: NamedTensors]>

/** Sizes of the network that is told. */
export interface ToldSizes {
  /** Of the sinusoids of the time. */
  readonly base: number
  /** Of the embedding of the time. */
  readonly features: number
  /** The longest axis of the weights, which sizes are held to. */
  readonly longest: number
}

/** A condition of a number of features, or one of any. @throws TypeError where it is missing or of another shape. */
function given(told: NamedTensors, name: string, rank: number, features?: number): Tensor {
  const value = told[name]
  if (value?.shape.length === rank && (features === undefined || value.shape[rank - 1] === features))
    return value
  const wanted = ['B', ...(rank > 1 ? [features ?? 'N'] : [])].join(', ')
  throw expectedType(
    'unet',
    `a condition ${name} [${wanted}]`,
    isTensor(value) ? formatShape(value.shape) : 'none',
  )
}

/** Two layers with a swish between them: x `[B, inputs]` → `[B, outputs]`. */
function layers(name: string, inputs: number, outputs: number): Block {
  const initial = uniformByFans()
  const [first, second] = [
    linear(`${name}.linear1`, { inputs, outputs, initial }),
    linear(`${name}.linear2`, { inputs: outputs, outputs, initial }),
  ]
  return {
    parameters: parametersOf(first, second),
    apply: (p, x) => second.apply(p, silu(first.apply(p, x))),
  }
}

/**
 * What a U-Net of diffusers is told beside the time and a context: `class_labels` as its `class_embed_type` says, and `text_embeds` with `time_ids`
 * where its `addition_embed_type` is `text_time` (Podell et al. 2023, "SDXL", section 2.2).
 */
export function toldOfDiffusers(config: DiffusersConfig, sizes: ToldSizes): Told | undefined {
  const both = [classesOf(config, sizes), textTimeOf(config, sizes)].filter((told) => told !== undefined)
  if (both.length === 0) return undefined
  return {
    parameters: parametersOf(...both),
    apply: (p, told) => both.map((block) => block.apply(p, told)).reduce((a, b) => add(a, b)),
  }
}

function classesOf(config: DiffusersConfig, { base, features, longest }: ToldSizes): Told | undefined {
  const { class_embed_type: type } = config
  if (type === 'identity') {
    return { parameters: {}, apply: (_, told) => given(told, 'class_labels', 2, features) }
  }
  if (type === 'projection') {
    const inputs = projected(config, longest)
    const embedding = layers('classes', inputs, features)
    return { ...embedding, apply: (p, told) => embedding.apply(p, given(told, 'class_labels', 2, inputs)) }
  }
  if (type === 'timestep') {
    const embedding = layers('classes', base, features)
    const angles = positions(base, config).block('')
    return {
      ...embedding,
      apply: (p, told) => embedding.apply(p, angles.apply(p, given(told, 'class_labels', 1))),
    }
  }
  return undefined
}

function textTimeOf(config: DiffusersConfig, { features, longest }: ToldSizes): Told | undefined {
  if (config.addition_embed_type !== 'text_time') return undefined
  const each = config.addition_time_embed_dim ?? Number.NaN
  checkIntegers('fromDiffusers', { 'addition_time_embed_dim / 2': each / 2 }, 1, longest)
  const inputs = projected(config, longest)
  const embedding = layers('added', inputs, features)
  const angles = positions(each, config).block('')
  return {
    ...embedding,
    apply: (p, told) => {
      const ids = given(told, 'time_ids', 2)
      const [batch, count] = ids.shape as [number, number]
      const text = given(told, 'text_embeds', 2, inputs - count * each)
      const sizes = reshape(angles.apply(p, reshape(ids, [-1])), [batch, count * each])
      return embedding.apply(p, concat([text, sizes], 1))
    },
  }
}

/** The features that what is told has together. */
function projected(config: DiffusersConfig, longest: number): number {
  const inputs = config.projection_class_embeddings_input_dim ?? Number.NaN
  checkIntegers('fromDiffusers', { projection_class_embeddings_input_dim: inputs }, 1, longest)
  return inputs
}
