import { join } from 'node:path'
import { decodeImage } from '@sgm/data'
import { type LatentProblem, openPipeline } from '@sgm/pipeline'
import { type Sampler, samplerPresets } from '@sgm/samplers'
import { numbersOf } from '@sgm/sde'
import { expected, key, type Tensor, tensor } from '@sgm/tensor'
import type { Context } from '../context'
import { readIfThere } from '../files/read-if-there'
import { hiddenPixels } from '../masks'
import { writeNpy } from '../npy'
import { writeImage, writeImageGrid } from '../pixels'
import { isThere } from '../run-folder'
import type { Sampling } from '../sampling'
import { choose, inOwnWords } from '../settings/names'

/** What a pretrained pipeline draws. */
export interface PictureOptions extends Sampling {
  /** What the pictures of a pipeline are to show. */
  readonly prompt?: string
  /** What they are to keep away from. @default nothing */
  readonly negative?: string
  /** Scale of guidance by the prompt; 1 and below is none. @default the pipeline's own */
  readonly guidance?: number
  /** Of the pictures, in pixels. @default those of `image`, else what the pipeline was trained on */
  readonly height?: number
  /** Of the pictures, in pixels. @default as for `height` */
  readonly width?: number
  /** A PNG or JPEG to begin with. */
  readonly image?: string
  /** Share of the steps that are taken from the image, in (0, 1]. @default 0.8; 1 with a mask */
  readonly strength?: number
  /** What of the image is painted anew: a region's name, or a PNG that is white there. */
  readonly mask?: string
  /** A PNG of the pictures. @default `pictures.png` */
  readonly out?: string
}

/** What {@link drawPictures} drew. */
export interface Pictures {
  readonly n: number
  /** Score evaluations of a picture. */
  readonly evaluations: number
  readonly seconds: number
  /** What was written. */
  readonly files: readonly string[]
}

/** Whether a folder is a pipeline of diffusers. */
export function isPipeline(folder: string): Promise<boolean> {
  return isThere(join(folder, 'model_index.json'))
}

/** Draws pictures of a prompt by the pipeline in a folder. */
export async function drawPictures(
  folder: string,
  { n = 1, npy, threads, out = 'pictures.png', ...drawing }: PictureOptions & More,
  { signal, report }: Context,
): Promise<Pictures> {
  const {
    prompt,
    negative,
    guidance,
    height,
    width,
    strength,
    steps,
    seed = 0,
    sampler,
    numbers = {},
  } = drawing
  if (prompt === undefined) throw expected('sgm', `--prompt for the pipeline in ${folder}`, 'none')
  const solver = sampler === undefined ? undefined : solverOf(sampler, numbers)
  const [image, mask] = await startOf(drawing)
  const pipeline = await openPipeline(folder, threads === undefined ? {} : { threads })
  const begun = performance.now()
  let evaluations = 0
  try {
    const x = await pipeline.generate({
      prompt,
      count: n,
      key: key(seed),
      ...(negative !== undefined && { negative }),
      ...(guidance !== undefined && { guidance }),
      ...(height !== undefined && { height }),
      ...(width !== undefined && { width }),
      ...(steps !== undefined && { steps }),
      ...(strength !== undefined && { strength }),
      ...(image && { image }),
      ...(mask && { mask }),
      ...(solver && { sampler: solver }),
      ...(signal && { signal }),
      onProgress: (progress) => {
        evaluations = progress.evaluations
        report?.('sampling', progress.index, progress.steps, `${evaluations} evaluations`)
      },
    })
    const seconds = (performance.now() - begun) / 1000
    try {
      if (n === 1) await writeImage(out, x, RANGE)
      else await writeImageGrid(out, x, Math.ceil(Math.sqrt(n)), RANGE)
      if (npy !== undefined) await writeNpy(npy, x, RANGE)
      return { n, evaluations, seconds, files: [out, npy].filter((path) => path !== undefined) }
    } finally {
      x.dispose()
    }
  } finally {
    image?.dispose()
    mask?.dispose()
    await pipeline.dispose()
  }
}

/** Options that a run's samples have too. */
interface More {
  readonly n?: number | undefined
  readonly npy?: string | undefined
  readonly threads?: number | undefined
}

const RANGE = [-1, 1] as const

/** Makes a sampler over the pipeline's process. */
function solverOf(
  name: string,
  numbers: Readonly<Record<string, number>>,
): (problem: LatentProblem) => Sampler {
  const preset = choose('sampler', samplerPresets, name)
  const values = inOwnWords(Object.keys(preset.numbers), `--sampler ${name}`, () =>
    numbersOf('sgm', preset.numbers, numbers),
  )
  return ({ process, shape }) =>
    preset.make(values, {
      process,
      dims: shape.slice(1).reduce((a, b) => a * b, 1),
      wrap: (sampler) => sampler,
    }).sampler
}

/** The image to begin with, in [−1, 1], and what of it is painted anew. */
async function startOf({
  image,
  mask,
}: PictureOptions): Promise<readonly [Tensor | undefined, Tensor | undefined]> {
  if (image === undefined) {
    if (mask !== undefined) throw expected('sgm', '--image with --mask', 'none')
    return [undefined, undefined]
  }
  const file = await readIfThere(image)
  if (!file) throw expected('sgm', '--image FILE that exists', image)
  const { width, height, channels, bytes: data } = await decodeImage(file)
  const rgb = Float32Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3) * channels
    return (2 * data[pixel + (channels < 3 ? 0 : i % 3)]!) / 255 - 1
  })
  const hidden = mask === undefined ? undefined : await hiddenPixels(mask, height, width)
  return [tensor(rgb, [1, height, width, 3]), hidden && tensor(hidden, [1, height, width, 1])]
}
