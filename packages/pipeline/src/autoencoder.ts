import type { OnnxModel } from '@sgm/backend-onnx'
import {
  add,
  clip,
  concat,
  div,
  exp,
  expected,
  type Key,
  mul,
  normal,
  slice,
  sub,
  type Tensor,
  tidy,
  transpose,
} from '@sgm/tensor'
import { checkKeys, checkTensors } from '@sgm/tensor/check'
import type { Json } from './folder'
import type { Parts } from './parts'

/** Latents of pictures and pictures of latents, both with their channels last. */
export interface Autoencoder {
  /** Pixels a row and a column of latents. */
  readonly factor: number
  /** @param key Of the noise of the encoder's distribution. @default its mean */
  encode(images: Tensor, key?: Key): Promise<Tensor>
  decode(latents: Tensor): Promise<Tensor>
}

/** Reads the autoencoder of a pipeline. @throws RangeError when its configuration or a number of it is missing. */
export async function autoencoderOf(parts: Parts): Promise<Autoencoder> {
  const config = await configOf(parts)
  const { block_out_channels: blocks = [0, 0, 0, 0], scaling_factor = 0.18215, shift_factor } = config
  const [scale, shift] = [Number(scaling_factor), Number(shift_factor ?? 0)]
  if (!Array.isArray(blocks) || !(scale > 0) || !Number.isFinite(shift)) {
    throw expected('openPipeline', 'block_out_channels and scaling_factor of the VAE', config)
  }
  return {
    factor: 2 ** (blocks.length - 1),
    async encode(images, key) {
      checkImages('images', images)
      if (key !== undefined) checkKeys('pipeline', { key })
      const out = await byRow(await parts.model('vae_encoder'), images)
      try {
        return tidy(() => mul(sub(drawn(out, config, key), shift), scale))
      } finally {
        out.dispose()
      }
    },
    async decode(latents) {
      checkImages('latents', latents)
      const model = await parts.model('vae_decoder')
      const raw = tidy(() => add(div(latents, scale), shift))
      try {
        const out = await byRow(model, raw)
        const images = clip(out, -1, 1)
        out.dispose()
        return images
      } finally {
        raw.dispose()
      }
    },
  }
}

/** Throws unless there is a picture at least, as wide, high and deep as it may be. */
function checkImages(name: string, x: Tensor): void {
  checkTensors('pipeline', { [name]: x })
  if (x.shape.length !== 4 || x.size === 0)
    throw expected('pipeline', `${name} of shape [B, height, width, channels]`, x.shape)
}

async function configOf(parts: Parts): Promise<Json> {
  for (const name of ['vae_decoder', 'vae']) {
    const config = await parts.config(name).catch(() => undefined)
    if (config) return config
  }
  return parts.config('vae_encoder')
}

/** What an encoder gives is its mean and the logarithm of its variance, or a draw or mean already. */
function drawn(out: Tensor, { latent_channels: channels }: Json, key: Key | undefined): Tensor {
  const shape = out.shape.slice(0, -1)
  const last = out.shape.at(-1)!
  if (last === Number(channels ?? 4)) return out
  const part = (i: number): Tensor => slice(out, [0, 0, 0, (i * last) / 2], [...shape, last / 2])
  if (!key) return part(0)
  const deviation = exp(mul(clip(part(1), -30, 20), 0.5))
  return add(part(0), mul(deviation, normal(key, deviation.shape)))
}

/** Runs a model of one image input row by row, since pictures take much memory. */
async function byRow(model: OnnxModel, x: Tensor): Promise<Tensor> {
  const [input, output] = [model.inputs[0]!.name, model.outputs[0]!.name]
  const results: Tensor[] = []
  try {
    for (let row = 0; row < x.shape[0]!; row++) {
      const first = tidy(() => transpose(slice(x, [row, 0, 0, 0], [1, ...x.shape.slice(1)]), [0, 3, 1, 2]))
      try {
        results.push((await model.run({ [input]: first }, [output]))[output]!)
      } finally {
        first.dispose()
      }
    }
    return tidy(() => transpose(concat(results), [0, 2, 3, 1]))
  } finally {
    for (const result of results) result.dispose()
  }
}
