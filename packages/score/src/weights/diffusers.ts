import type { NamedTensors } from '@sgm/tensor'
import { checkTensors, expected, objectOf } from '@sgm/tensor/check'
import type { Network } from '../types'
import type { DiffusersConfig } from './diffusers-config'
import {
  type DiffusersTransformerConfig,
  isTransformer,
  transformerOfDiffusers,
} from './diffusers-transformer'
import { unetOfDiffusers } from './diffusers-unet'
import { fromTorch } from './torch'

/** A network with the parameters that were loaded for it. */
export interface LoadedNetwork {
  readonly network: Network
  /** The caller's to dispose. */
  readonly parameters: NamedTensors
}

/**
 * A pretrained UNet2DModel, UNet2DConditionModel or DiTTransformer2DModel of diffusers: the network of its `config.json`, and its
 * parameters from the tensors of its safetensors file.
 *
 * The network takes images `[B, H, W, C]`, as its scheduler has them in [−1, 1], and the step itself as t; for one
 * that predicts noise over DDPM's linear schedule, `scoreFromDdpm(bind(network, parameters), vp())` is the score.
 * Where the model has classes, the last of them is used when no condition is given; a UNet2DConditionModel's condition is what its
 * text encoder gives, `[B, L, cross_attention_dim]`, or that as `encoder_hidden_states` beside what else it is told, by diffusers' names:
 * `text_embeds` and `time_ids` of Stable Diffusion XL, `class_labels` where there is a `class_embed_type`. A transformer's channels out are twice those in where it has learned its variance:
 * the first half is the noise.
 *
 * Of U-Nets taken are the blocks `DownBlock2D, AttnDownBlock2D, CrossAttnDownBlock2D`, those up, `UNetMidBlock2D` and
 * `UNetMidBlock2DCrossAttn`, with positional embeddings; of transformers those of `ada_norm_zero`.
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
  size?: number,
): LoadedNetwork {
  const { _class_name: name } = objectOf('fromDiffusers', config, 'a configuration')
  if (fromOnnxAlone.has(name as string)) {
    throw expected(
      'fromDiffusers',
      'a U-Net or a DiT: MMDiTs run from ONNX alone, by fromOnnx or openPipeline',
      name,
    )
  }
  const side = size ?? sizeOf(config)
  checkTensors('fromDiffusers', objectOf('fromDiffusers', tensors, 'named tensors'))
  const { network, names } = isTransformer(config)
    ? transformerOfDiffusers(config, side, tensors)
    : unetOfDiffusers(config, side, tensors)
  return { network, parameters: fromTorch('fromDiffusers', network.shapes, tensors, names) }
}

/** Transformers over text and image together, of Stable Diffusion 3 and Flux. */
const fromOnnxAlone: ReadonlySet<string> = new Set(['SD3Transformer2DModel', 'FluxTransformer2DModel'])

function sizeOf(config: DiffusersConfig | DiffusersTransformerConfig): number {
  const { sample_size: size } = objectOf('fromDiffusers', config, 'a configuration')
  const [height, width] = typeof size === 'number' ? [size, size] : (size ?? [])
  if (height === undefined || height !== width) {
    throw expected('fromDiffusers', 'a sample_size of square images, or the size beside it', size)
  }
  return height
}
