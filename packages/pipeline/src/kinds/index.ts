import { expected } from '@sgm/tensor'
import { flux } from './flux'
import type { Kind } from './kind'
import { stableDiffusion } from './stable-diffusion'
import { stableDiffusion3 } from './stable-diffusion-3'
import { stableDiffusionXl } from './stable-diffusion-xl'

const kinds: Readonly<Record<string, Kind>> = {
  StableDiffusion: stableDiffusion,
  StableDiffusionXL: stableDiffusionXl,
  StableDiffusion3: stableDiffusion3,
  Flux: flux,
}

/** The family of a class of diffusers; its pipelines from images and for inpainting have the same parts. */
export function kindOf(name: unknown): Kind {
  const [, stem = ''] = /^(?:ORT|Onnx)?(.*?)(?:Img2Img|Inpaint)?Pipeline$/.exec(String(name)) ?? []
  if (Object.hasOwn(kinds, stem)) return kinds[stem]!
  const known = Object.keys(kinds).map((kind) => `${kind}Pipeline`)
  throw expected('openPipeline', `_class_name of model_index.json to be one of ${known.join(', ')}`, name)
}
