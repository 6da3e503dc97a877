import type { NamedTensors } from '@sgm/tensor'
import { checkIntegers, checkTensors, expected, objectOf, optionsOf } from '@sgm/tensor/check'
import { type AdaptiveUnetPlan, adaptiveUnet } from '../networks/adaptive-unet'
import type { LoadedNetwork } from './diffusers'
import { fromTorch } from './torch'

/** Options of {@link fromKDiffusion}. */
export interface FromKDiffusionOptions {
  /** Height and width of the images: `input_size` of the configuration. */
  readonly size: number
  /** `patch_size` of the configuration. @default 1 */
  readonly patch?: number
  /** Channels of a head. @default 64 */
  readonly headChannels?: number
  /** Channels of a group in the normalisations. @default 32 */
  readonly groupChannels?: number
}

/**
 * A pretrained network of k-diffusion (Crowson et al., https://github.com/crowsonkb/k-diffusion), its U-Net `image_v1`, from the tensors of
 * its state, with or without the prefixes `inner_model.` of the denoiser and of the augmentation around it. Depths, widths, attention
 * and whether a variance was learned, which is left out, are read from the names and shapes of the tensors.
 *
 * The network takes images `[B, size, size, C]`, which k-diffusion has in [−1, 1], and c_noise = ¼ ln σ as t:
 * `edmPreconditioned(bind(network, parameters), edm(), { sigmaData })` with the configuration's `sigma_data` is the score. Weights of the
 * augmentation's conditions are left out: those are for training.
 *
 * @param tensors By their names in k-diffusion: `model_ema` of a checkpoint, or the safetensors that it converts for inference.
 * @throws RangeError when the tensors are of no such network: one is missing, of another shape, or left.
 * @example
 * const load = (weights: Uint8Array) => {
 *   const { tensors } = deserialize(weights)
 *   const { network, parameters } = fromKDiffusion(tensors, { size: 32 })
 *   return edmPreconditioned(bind(network, parameters), edm())
 * }
 */
export function fromKDiffusion(tensors: NamedTensors, options: FromKDiffusionOptions): LoadedNetwork {
  const {
    size,
    patch = 1,
    headChannels = 64,
    groupChannels = 32,
  } = optionsOf('fromKDiffusion', options, {
    size: true,
    patch: true,
    headChannels: true,
    groupChannels: true,
  })
  checkIntegers('fromKDiffusion', { size, patch, headChannels, groupChannels })
  checkTensors('fromKDiffusion', objectOf('fromKDiffusion', tensors, 'named tensors'))
  const state = Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [name.replace(/^(inner_model\.)+/, ''), value]),
  )
  const cross = Object.keys(state).find((name) => name.includes('.kv_proj.'))
  if (cross) throw expected('fromKDiffusion', 'a network without cross-attention', cross)
  const network = adaptiveUnet('fromKDiffusion', {
    size,
    patch,
    groups: (channels) => Math.max(1, Math.floor(channels / groupChannels)),
    heads: (channels) => Math.max(1, Math.floor(channels / headChannels)),
    ...planOf(state, size, patch),
  })
  const ignored = Object.keys(state).filter(
    (name) => /_blocks\.\d+\.\d+\.kernel$/.test(name) || name === 'mapping_cond.weight',
  )
  return {
    network,
    parameters: fromTorch('fromKDiffusion', network.shapes, state, (name) => [name], ignored),
  }
}

/** The network whose weights these are. */
function planOf(
  state: NamedTensors,
  size: number,
  patch: number,
): Pick<AdaptiveUnetPlan, 'channels' | 'variance' | 'levels' | 'features'> {
  const shapeOf = (name: string): readonly number[] => {
    if (!Object.hasOwn(state, name)) throw expected('fromKDiffusion', `a tensor ${name}`, 'none')
    return state[name]!.shape
  }
  const [, inputs] = shapeOf('proj_in.weight')
  const [outputs] = shapeOf('proj_out.weight')
  const channels = inputs! / patch ** 2
  if (!Number.isInteger(channels)) {
    throw expected('fromKDiffusion', `a patch whose square divides ${inputs} channels`, patch)
  }
  const names = Object.keys(state)
  const ofLevel = (level: number): string[] =>
    names.filter((name) => name.startsWith(`u_net.d_blocks.${level}.`))
  const levels: AdaptiveUnetPlan['levels'][number][] = []
  for (let own = ofLevel(0); own.length > 0; own = ofLevel(levels.length)) {
    levels.push({
      depth: own.filter((name) => name.endsWith('.main.2.weight')).length,
      width: shapeOf(`u_net.d_blocks.${levels.length}.1.main.2.weight`)[0]!,
      attention: own.some((name) => name.endsWith('.qkv_proj.weight')),
    })
  }
  if (levels.length === 0)
    throw expected('fromKDiffusion', 'a tensor u_net.d_blocks.0.1.main.2.weight', 'none')
  const least = patch * 2 ** (levels.length - 1)
  if (size % least !== 0) throw expected('fromKDiffusion', `size to be a multiple of ${least}`, size)
  return { channels, variance: outputs === inputs! + 1, levels, features: shapeOf('mapping.0.weight')[0]! }
}
