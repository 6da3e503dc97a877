import type { OpenOnnxOptions } from '@sgm/backend-onnx'
import { checkSampler, type RunProgress, type Sampler } from '@sgm/samplers'
import type { Key, Tensor } from '@sgm/tensor'
import {
  checkFinite,
  checkHalfOpen,
  checkIntegers,
  checkKeys,
  checkStrings,
  checkTensors,
  expected,
  objectOf,
} from '@sgm/tensor/check'
import type { LatentProblem } from './latent-problem'

/** Options of `openPipeline`: those of ONNX Runtime. */
export type OpenPipelineOptions = Omit<OpenOnnxOptions, 'externalData'>

/** What a picture is to show, and how large it is. */
export interface PromptOptions {
  /** A text, or one for each picture. */
  readonly prompt: string | readonly string[]
  /** What to keep away from: one text, or one for each picture. @default nothing */
  readonly negative?: string | readonly string[]
  /** Pictures of one prompt, >= 1. @default one for each prompt */
  readonly count?: number
  /** Scale w of classifier-free guidance, u + w (c − u): at 1 and below there is none. @default 7.5, XL 5, SD 3 7, Flux 1 */
  readonly guidance?: number
  /** φ in [0, 1]: how far the deviation of what is guided is brought back to the conditional one's. @default 0 */
  readonly rescale?: number
  /** What models distilled of guidance, as Flux, are told of its scale. @default 3.5 */
  readonly embeddedGuidance?: number
  /** Tokens of a text that T5 reads, where the pipeline has one. @default 256, Flux 512 */
  readonly tokens?: number
  /** Of the picture, in pixels. @default those of `image`, else the size that the model was trained on */
  readonly height?: number
  readonly width?: number
  /** A picture to begin with, `[1, H, W, 3]` or one a row, in [−1, 1]. */
  readonly image?: Tensor
  /** What of `image` is to be painted anew, `[1, H, W, 1]` or one a row: 1 there, 0 where the picture is kept. */
  readonly mask?: Tensor
}

/** Options of a run of a pipeline. */
export interface GenerateOptions extends PromptOptions {
  /** Source of all randomness. */
  readonly key: Key
  /** A sampler, or what makes one of the problem. @default the counterpart of the scheduler in the folder, else `dpmSolverPlusPlus()` */
  readonly sampler?: Sampler | ((problem: LatentProblem) => Sampler)
  /** Steps of the whole grid, of which a run from an image takes a part. @default 50; 28 of SD 3 and Flux */
  readonly steps?: number
  /** Share of the grid that a run from an image takes, in (0, 1]. @default 0.8; 1 with a mask */
  readonly strength?: number
  /** Standard normal noise to start with, in the shape of the latents. @default drawn by the key */
  readonly noise?: Tensor
  /** Stops the run, while a network is at work too, by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Called after every step. */
  readonly onProgress?: (progress: RunProgress) => void
}

/** Options with their texts as rows. */
export interface Prompts {
  readonly rows: number
  readonly prompt: readonly string[]
  readonly negative: readonly string[] | undefined
}

/** Checks what a picture is to show. */
export function promptsOf(options: PromptOptions): Prompts {
  const { prompt, negative, count, guidance, rescale, embeddedGuidance, tokens, image, mask } = objectOf('pipeline', options, 'options with a prompt') // biome-ignore format: options
  const texts = listed('prompt', prompt)
  const away = negative === undefined ? undefined : listed('negative', negative)
  if (count !== undefined) {
    checkIntegers('pipeline', { count })
    if (texts.length > 1) throw expected('pipeline', 'count with one prompt', `${texts.length} prompts`)
  }
  const rows = count ?? texts.length
  if (away && away.length !== 1 && away.length !== rows) {
    throw expected('pipeline', `one negative text, or ${rows}`, away.length)
  }
  if (guidance !== undefined) checkFinite('pipeline', { guidance })
  if (embeddedGuidance !== undefined) checkFinite('pipeline', { embeddedGuidance })
  if (rescale !== undefined) checkHalfOpen('pipeline', { rescale }, 0, 1 + Number.EPSILON)
  if (tokens !== undefined) checkIntegers('pipeline', { tokens })
  if (image !== undefined) checkTensors('pipeline', { image })
  if (mask !== undefined) checkTensors('pipeline', { mask })
  if (mask && !image) throw expected('pipeline', 'an image with a mask', 'none')
  return { rows, prompt: texts, negative: away }
}

/** Checks how a run goes. */
export function checkRun({ key, steps, strength, noise, image, sampler }: GenerateOptions): void {
  checkKeys('pipeline', { key })
  if (sampler !== undefined && typeof sampler !== 'function') checkSampler('pipeline', { sampler })
  if (steps !== undefined) checkIntegers('pipeline', { steps })
  if (noise !== undefined) checkTensors('pipeline', { noise })
  if (strength === undefined) return
  if (!image) throw expected('pipeline', 'an image with a strength', 'none')
  checkFinite('pipeline', { strength })
  if (!(strength > 0 && strength <= 1)) throw expected('pipeline', 'strength in (0, 1]', strength)
}

function listed(name: string, texts: string | readonly string[]): readonly string[] {
  const list = Array.isArray(texts) ? (texts as readonly string[]) : [texts as string]
  if (list.length === 0) throw expected('pipeline', `a text as ${name}`, 'none')
  for (const text of list) if (typeof text !== 'string') checkStrings('pipeline', { [name]: text })
  return list
}
