import { glyphs as drawnGlyphs, type ImageSet, imageBatches, images } from '@sgm/data'
import { edmDenoising } from '@sgm/losses'
import {
  bind,
  classifierFreeGuidance,
  ddpm,
  mapNetwork,
  predictionPresets,
  type Score,
  type ScoreFunction,
} from '@sgm/score'
import { edm, type LinearSDE } from '@sgm/sde'
import { type Compiled, compile, foldIn, type Tensor, tensor } from '@sgm/tensor'
import { figure, imageGrid, lossCurve } from '@sgm/viz'
import { learn } from '../learn'
import type { Context, Section } from '../section'

/** A model of drawn digits. */
export interface GlyphModel {
  readonly process: LinearSDE
  /** Compiled, and told no class. */
  readonly score: Compiled<[x: Tensor, t: Tensor], Tensor>
  /** Compiled, and guided towards the class of each row; what it holds is freed with the model. */
  scoreOf(classes: readonly number[]): Score
  /** The same, as tensor code. */
  readonly plain: ScoreFunction
  /** What it was trained on. */
  readonly set: ImageSet
  /** Digits that it has never seen. */
  readonly unseen: ImageSet
  dispose(): Promise<void>
}

/** Digits that the model is trained on. */
const SEEN = 20_000

/** How strongly digits are asked for. */
const GUIDANCE = 2

/** What black and white are to the models. */
export const RANGE = [-1, 1] as const

/** Trains a small U-Net on digits of one channel, or of three in colours; the loss and some digits are the section. */
export async function glyphModel(
  context: Context,
  { channels, steps }: { readonly channels: 1 | 3; readonly steps: number },
): Promise<{ readonly model: GlyphModel; readonly section: Section }> {
  const { key, executor, effort } = context
  const colour = channels === 3
  const process = edm()
  const set = drawnGlyphs({ count: SEEN, key: foldIn(key, 0), channels })
  const { seen, toScore } = predictionPresets.edm
  const unet = ddpm({
    size: 28,
    channels,
    patch: 2,
    width: effort.width,
    multipliers: [1, 1],
    blocks: 1,
    attention: [7],
    process: seen(process),
    centered: true,
    classes: set.classes!.length,
  })
  const network = mapNetwork(unet, (f) => toScore(f, process))
  const unseen = drawnGlyphs({ count: 2000, key: foldIn(key, 1), channels })
  const learned = await learn(context, {
    task: colour ? 'coloured glyphs: train' : 'glyphs: train',
    model: network,
    // Grey digits take shape at larger noise than EDM's, of which likelihoods and colours need the small.
    loss: edmDenoising(colour ? {} : { logMean: -0.6 }),
    data: imageBatches(set, {
      size: effort.batch,
      key: foldIn(key, 2),
      range: RANGE,
      dequantize: true,
      labels: true,
      dropLabels: 0.2,
    }),
    steps,
    key: foldIn(key, 3),
    warmUp: Math.min(50, steps),
  })
  const plain = bind(network, learned.ema)
  const score = compile((x: Tensor, t: Tensor) => plain(x, t), { executor })
  const told = compile(
    (x: Tensor, t: Tensor, labels: Tensor) =>
      classifierFreeGuidance(bind(network, learned.ema, labels), plain, { scale: GUIDANCE })(x, t),
    {
      executor,
    },
  )
  const held: Tensor[] = []
  const some = await images(
    set,
    Array.from({ length: 40 }, (_, i) => i),
  )
  try {
    const name = colour ? 'coloured-glyphs' : 'glyphs'
    return {
      model: {
        process,
        score,
        scoreOf(classes) {
          const labels = tensor([...classes], [classes.length], 'int32')
          held.push(labels)
          return (x, t) => told(x, t, labels)
        },
        plain,
        set,
        unseen,
        dispose: async () => {
          await Promise.all([score.dispose(), told.dispose()])
          for (const labels of held) labels.dispose()
          learned[Symbol.dispose]()
        },
      },
      section: {
        title: colour ? 'Drawn digits in colours' : 'Drawn digits',
        text:
          `A small U-Net that sees squares of 2×2 pixels as one, under EDM’s process, with its preconditioning and ${colour ? 'its noise levels' : 'noise levels about twice its own'}, trained for ` +
          `${steps} steps on batches of ${effort.batch} digits, four of five with their class` +
          (colour ? ' with ink and paper of random colours.' : ', which are drawn when they are asked for.'),
        figures: [
          {
            name,
            caption: 'Digits of the training data.',
            picture: await figure([imageGrid(some, { columns: 20 })], { width: 1000 }),
          },
          {
            name: `${name}-loss`,
            caption: 'The loss of every step, and its moving average.',
            picture: await figure([lossCurve(learned.losses)], {
              y: { label: 'loss', scale: 'log' },
              width: 620,
              aspect: 0.4,
            }),
          },
        ],
        rows: [],
      },
    }
  } finally {
    some.dispose()
  }
}
