import type { OnnxInputs } from '@sgm/backend-onnx'
import { fromScheduler, type SchedulerConfig } from '@sgm/samplers'
import { concat, dispose, expected, less, mul, type Tensor, tidy } from '@sgm/tensor'
import type { Autoencoder } from './autoencoder'
import type { Inputs, Kind, Setting } from './kinds/kind'
import type { LatentProblem } from './latent-problem'
import { type PromptOptions, promptsOf } from './options'
import type { Parts } from './parts'
import { packed, unpacked } from './patches'
import { coarse, type Latents, sizeOf } from './sizes'

/** What a pipeline is made of. */
export interface Made {
  readonly kind: Kind
  readonly parts: Parts
  readonly autoencoder: Autoencoder
  readonly latents: Latents
  readonly scheduler: SchedulerConfig
}

/** The score of latents under a prompt. */
export async function problemOf(made: Made, options: PromptOptions): Promise<LatentProblem> {
  const { kind, parts, autoencoder, latents, scheduler } = made
  const { rows, prompt, negative } = promptsOf(options)
  const { factor } = autoencoder
  const [height, width] = sizeOf(options, latents, { factor, patch: kind.patch })
  const { guidance = kind.guidance, rescale = 0, embeddedGuidance: embedded = 3.5, tokens } = options
  const shape = [rows, height / factor, width / factor, latents.channels]
  const setting: Setting = { height, width, embedded, tokens }
  const patch = kind.patch ?? 1
  const schedule = fromScheduler(scheduler, {
    imageTokens: (shape[1]! / patch) * (shape[2]! / patch),
    ...(kind.evenLevels && !scheduler.use_flow_sigmas && { levels: evenLevels }),
  })
  const network = await parts.network(kind.network, { channels: kind.packs ? 'last' : 'first' })
  const held: (Inputs | OnnxInputs)[] = []
  try {
    const conditional = await kind.texts(parts, prompt, setting)
    held.push(conditional)
    const guides = guidance > 1
    const unconditional =
      guides &&
      ((negative ? undefined : kind.without?.(parts, conditional)) ??
        (await kind.texts(parts, negative ?? [''], setting)))
    if (unconditional) held.push(unconditional)
    const further = onlyTaken(kind.further?.(setting, shape, conditional) ?? {}, network.inputs)
    held.push(further)
    const beside = latents.masked ? await besideLatents(autoencoder, options) : {}
    held.push(beside)
    const ask = unconditional
      ? network.guided({
          conditional: { ...conditional, ...beside },
          unconditional: { ...unconditional, ...beside },
          shared: further,
          scale: guidance,
          rescale,
        })
      : (x: Tensor, t: Tensor) => network(x, t, { ...further, ...conditional, ...beside })
    const { timestepScale = 1 } = kind
    const model = async (x: Tensor, t: Tensor): Promise<Tensor> => {
      const [at, time] = [kind.packs ? packed(x) : x, timestepScale === 1 ? t : mul(t, timestepScale)]
      try {
        const y = await ask(at, time)
        if (!kind.packs) return y
        const result = unpacked(y, x.shape.slice(0, 4))
        y.dispose()
        return result
      } finally {
        dispose([at, time].filter((made) => made !== x && made !== t))
      }
    }
    return {
      process: schedule.process,
      score: schedule.score(model),
      schedule,
      shape,
      dispose: () => dispose(held),
    }
  } catch (error) {
    dispose(held)
    throw error
  }
}

const evenLevels = (steps: number): number[] => Array.from({ length: steps }, (_, i) => 1 - i / steps)

/** Networks differ in what they are told beside the text; the rest is left out and freed. */
function onlyTaken(given: OnnxInputs, inputs: readonly { readonly name: string }[]): OnnxInputs {
  const taken = ([name]: readonly [string, unknown]): boolean => inputs.some((input) => input.name === name)
  const entries = Object.entries(given)
  dispose(entries.filter((entry) => !taken(entry)).map(([, value]) => value))
  return Object.fromEntries(entries.filter(taken))
}

/** What a network made for inpainting sees beside the latents: the mask, and latents of the picture without what it hides. */
async function besideLatents(
  { encode, factor }: Autoencoder,
  { image, mask }: PromptOptions,
): Promise<OnnxInputs> {
  if (!image || !mask) {
    throw expected(
      'pipeline',
      'an image and a mask for a network made for inpainting',
      image ? 'no mask' : 'no image',
    )
  }
  const kept = tidy(() => mul(image, less(mask, 0.5)))
  try {
    const latents = await encode(kept)
    const beside = tidy(() => concat([coarse(mask, factor), latents], -1))
    latents.dispose()
    return { sample: beside }
  } finally {
    kept.dispose()
  }
}
