import { glyphs as drawnGlyphs, type ImageSet, imageBatches, images } from '@sgm/data'
import { importanceTimes, sdeDenoising, type Weighting } from '@sgm/losses'
import { bind, edmPreconditioned, mapNetwork, type ScoreFunction, tutorialUnet } from '@sgm/score'
import { type LinearSDE, sigmaT } from '@sgm/sde'
import { type Compiled, compile, foldIn, type Tensor } from '@sgm/tensor'
import { figure, imageGrid, lossCurve } from '@sgm/viz'
import { learn } from '../learn'
import type { Context, Section } from '../section'

/** A model of drawn digits. */
export interface GlyphModel {
  readonly process: LinearSDE
  /** Compiled. */
  readonly score: Compiled<[x: Tensor, t: Tensor], Tensor>
  /** The same, as tensor code. */
  readonly plain: ScoreFunction
  /** What it was trained on. */
  readonly set: ImageSet
  /** Digits that it has never seen. */
  readonly unseen: ImageSet
  /** What black and white are to the model: their middle is near the mean of the data. */
  readonly range: readonly [black: number, white: number]
  dispose(): Promise<void>
}

/** Digits that the model is trained on. */
const SEEN = 20_000

/** Of pixels, about. */
const DEVIATION = 0.3

/** How often levels of noise are drawn: mostly those about one, and all others too. */
function levelsAbout(middle: number): Weighting {
  return (process, t) => {
    const away = Math.log(process.marginal(t).sigma / middle) / 1.2
    return process.diffusion(t) ** 2 * (0.3 + Math.exp((-away * away) / 2))
  }
}

/** Trains the tutorial's U-Net on digits of one channel, or of three in colours; the loss and some digits are the section. */
export async function glyphModel(
  context: Context,
  { channels, steps }: { readonly channels: 1 | 3; readonly steps: number },
): Promise<{ readonly model: GlyphModel; readonly section: Section }> {
  const { key, executor, effort } = context
  const colour = channels === 3
  const process = sigmaT()
  // Strokes are told from noise of about their contrast; the colour of a whole paper from much more.
  const levels = levelsAbout(colour ? 1.2 : 0.4)
  const range = colour ? ([-0.5, 0.5] as const) : ([0, 1] as const)
  const network = mapNetwork(tutorialUnet({ channels, widths: effort.widths, scale: 4 }), (f) =>
    edmPreconditioned(f, process, { sigmaData: DEVIATION }),
  )
  const set = drawnGlyphs({ count: SEEN, key: foldIn(key, 0), channels })
  const unseen = drawnGlyphs({ count: 2000, key: foldIn(key, 1), channels })
  const learned = await learn(context, {
    task: colour ? 'coloured glyphs: train' : 'glyphs: train',
    model: network,
    loss: sdeDenoising({
      process,
      weighting: (sde, t) => levels(sde, t) * (1 + (sde.marginal(t).sigma / DEVIATION) ** 2),
      times: importanceTimes({ weighting: levels }),
      stratified: true,
    }),
    data: imageBatches(set, { size: effort.batch, key: foldIn(key, 2), range, dequantize: true }),
    steps,
    key: foldIn(key, 3),
    warmUp: Math.min(50, steps),
  })
  const plain = bind(network, learned.ema)
  const score = compile((x: Tensor, t: Tensor) => plain(x, t), { executor })
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
        plain,
        set,
        unseen,
        range,
        dispose: async () => {
          await score.dispose()
          learned[Symbol.dispose]()
        },
      },
      section: {
        title: colour ? 'Drawn digits in colours' : 'Drawn digits',
        text:
          `The U-Net of Song’s tutorial and its process dx = 25ᵗ dw, trained for ${steps} steps on batches of ${effort.batch} digits` +
          (colour
            ? ' with ink and paper of random colours. '
            : ', which are drawn when they are asked for. ') +
          `Where the tutorial sees three million digits, this sees ${steps * effort.batch}: its network is preconditioned and its loss ` +
          'weighted as EDM’s are, and the levels of noise at which digits take shape are drawn most often.',
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
