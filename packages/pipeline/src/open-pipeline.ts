import { fromScheduler } from '@sgm/samplers'
import type { Key, Tensor } from '@sgm/tensor'
import { expectedType, objectOf, optionsOf } from '@sgm/tensor/check'
import { autoencoderOf } from './autoencoder'
import type { PipelineFiles } from './files/platform'
import { folderOf } from './folder'
import { kindOf } from './kinds'
import type { LatentProblem } from './latent-problem'
import type { GenerateOptions, OpenPipelineOptions, PromptOptions } from './options'
import { partsOf } from './parts'
import { problemOf } from './problem'
import { latentsFor } from './run'
import { latentsOf } from './sizes'

/** A trained pipeline. Pictures are `[B, H, W, 3]` in [−1, 1], latents `[B, h, w, C]` as the network sees them. */
export interface Pipeline {
  /** The class of diffusers, such as `StableDiffusionPipeline`. */
  readonly name: string
  /** Pictures of texts. @returns `[B, H, W, 3]`, the caller's to free. */
  generate(options: GenerateOptions): Promise<Tensor>
  /** The same before the decoder. @returns `[B, h, w, C]`, the caller's to free. */
  latents(options: GenerateOptions): Promise<Tensor>
  /** The process and the score of latents under a prompt, for every sampler and method here. */
  problem(options: PromptOptions): Promise<LatentProblem>
  /**
   * Latents of pictures.
   *
   * @param key Draws from the encoder's distribution. @default its mean
   */
  encode(images: Tensor, key?: Key): Promise<Tensor>
  /** Pictures of latents. */
  decode(latents: Tensor): Promise<Tensor>
  /** Frees the networks. */
  dispose(): Promise<void>
}

/**
 * Opens a pipeline of diffusers that was exported to ONNX, as optimum does it: `model_index.json`, a folder with `model.onnx` and
 * `config.json` for each of `unet` or `transformer`, `vae_decoder`, `vae_encoder` and the text encoders, the tokenizers and the scheduler.
 * Stable Diffusion 1, 2, XL and 3, and Flux; text to image, image to image, inpainting. ONNX Runtime runs the networks, each opened when it
 * is first needed; texts become tokens by the package `@huggingface/tokenizers`; samplers are those of `@sgm/samplers`.
 *
 * @param source A folder in Node, or files by their paths in it: URLs, paths, or bytes.
 * @throws RangeError when a file is missing or is not what it should be, or the class is not known. TypeError when the source is neither a
 * folder nor files.
 * @example
 * const draw = async (folder: string) => {
 *   const pipeline = await openPipeline(folder)
 *   const images = await pipeline.generate({
 *     prompt: 'a red cat on a chair',
 *     negative: 'blurry',
 *     sampler: uniPc(),
 *     steps: 10,
 *     key: key(0),
 *   })
 *   await pipeline.dispose()
 *   return images // [1, 512, 512, 3]
 * }
 */
export async function openPipeline(
  source: string | URL | PipelineFiles,
  options: OpenPipelineOptions = {},
): Promise<Pipeline> {
  const runtime = optionsOf('openPipeline', options, {
    runtime: true,
    threads: true,
    wasmPaths: true,
    device: true,
  })
  if (typeof source !== 'string' && (typeof source !== 'object' || source === null)) {
    throw expectedType('openPipeline', 'a folder, or files by their paths', source)
  }
  const folder = await folderOf(source)
  const index = await folder.json('model_index.json')
  const { _class_name: name } = index
  const kind = kindOf(name)
  const parts = partsOf(folder, index, runtime)
  const scheduler = await folder.json('scheduler/scheduler_config.json')
  fromScheduler(scheduler, { imageTokens: 1024 })
  const latents = latentsOf(kind, await parts.config(kind.network))
  const autoencoder = await autoencoderOf(parts)
  const made = { kind, parts, autoencoder, latents, scheduler }
  const drawLatents = (given: GenerateOptions): Promise<Tensor> =>
    latentsFor(made, objectOf('pipeline', given, 'options with a prompt and a key'))
  return {
    name: String(name),
    latents: drawLatents,
    async generate(given) {
      const drawn = await drawLatents(given)
      try {
        given.signal?.throwIfAborted()
        return await autoencoder.decode(drawn)
      } finally {
        drawn.dispose()
      }
    },
    problem: (given) => problemOf(made, given),
    encode: (images, key) => autoencoder.encode(images, key),
    decode: (drawn) => autoencoder.decode(drawn),
    dispose: () => parts.dispose(),
  }
}
