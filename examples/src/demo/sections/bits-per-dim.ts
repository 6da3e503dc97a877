import { type ImageSet, imageBatches } from '@sgm/data'
import { bitsPerDim, hutchinsonDivergence, logLikelihood } from '@sgm/samplers'
import { compile, foldIn, type Key, scoped, splitAxis, type Tensor } from '@sgm/tensor'
import { figure, histogram, rule } from '@sgm/viz'
import { gaussianBits } from '../gaussian-bits'
import { type Row, spread } from '../measure'
import type { Context, Section } from '../section'
import { type GlyphModel, RANGE } from './glyph-model'

const GROUP = 'bits/dim'
const PIXELS = 28 * 28
const TOLERANCE = 1e-3
/** Digits solved at a time. */
const BLOCK = 16

/** Bits per dimension of digits that the model has not seen, beside those of simpler models. */
export async function glyphBits(
  context: Context,
  { process, plain, set, unseen }: GlyphModel,
): Promise<Section> {
  const { key, executor, effort, progress, signal } = context
  const count = effort.glyphs
  const many = 60 * count
  const task = 'glyphs: likelihood'
  const divergence = compile(hutchinsonDivergence(plain), { executor })
  const { bits, simpler, evaluations } = await scoped(async (own) => {
    progress(task, 0, count)
    const seen = own(await dequantised(set, many, foldIn(key, 2)))
    const x = own(await dequantised(unseen, count, foldIn(key, 0)))
    const { sigma } = process.marginal(process.cutOffs.likelihood)
    const simpler = gaussianBits(await seen.data(), await x.data(), PIXELS, sigma, { range: RANGE })
    const bits: number[] = []
    let evaluations = 0
    const sizes = Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) =>
      Math.min(BLOCK, count - i * BLOCK),
    )
    const blocks = own(splitAxis(x, sizes))
    for (const [i, block] of blocks.entries()) {
      const found = await logLikelihood({ process }, block, {
        divergence,
        key: foldIn(foldIn(key, 1), i),
        tolerance: TOLERANCE,
        ...(signal && { signal }),
      })
      own([found.logDensity, found.latent])
      for (const value of await found.logDensity.data())
        bits.push(bitsPerDim(value, PIXELS, { range: RANGE }))
      evaluations = Math.max(evaluations, found.evaluations)
      progress(task, bits.length, count, `${evaluations} evaluations`)
    }
    return { bits, simpler, evaluations }
  }).finally(() => divergence.dispose())
  const [mean, ofGaussian] = [spread(bits).mean, spread(simpler).mean]
  const row = (quantity: string, truth: number): Row => ({
    group: GROUP,
    quantity,
    measured: mean,
    truth,
    tolerance: 0,
    bound: 'above',
    evaluations,
  })
  return {
    title: 'Bits per dimension',
    text:
      'The probability flow gives log-likelihoods, by its divergence along the way (Hutchinson’s estimate of it, one probe a ' +
      'digit). Of dequantised grey levels, −log₂ p / d + 8 bounds the bits that a lossless code needs for each pixel. The true ' +
      'number is not known: uniform noise takes 8, and a normal density with the mean and the covariance of ' +
      `${many} digits ${ofGaussian.toFixed(2)}.`,
    figures: [
      {
        name: 'bits-per-dim',
        caption: `Bits per dimension of ${count} digits that the model has not seen, by the model and by the normal density.`,
        picture: await figure(
          [
            histogram(bits, { bins: 20, label: 'the flow of the learned score' }),
            histogram(simpler, { bins: 20, label: 'normal density' }),
            rule({ x: 8, label: 'uniform noise' }),
          ],
          { x: 'bits per dimension', width: 620 },
        ),
      },
    ],
    rows: [row('digits, against uniform noise', 8), row('digits, against a normal density', ofGaussian)],
  }
}

function dequantised(set: ImageSet, size: number, key: Key): Promise<Tensor> {
  return imageBatches(set, { size, key, range: RANGE, dequantize: true, shuffle: false })(0)
}
