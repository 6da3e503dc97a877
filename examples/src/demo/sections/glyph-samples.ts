import { type ImageSet, images } from '@sgm/data'
import { langevin, odeRk45, predictorCorrector, reverseDiffusion, trajectory } from '@sgm/samplers'
import { foldIn, mul, type Tensor, tidy } from '@sgm/tensor'
import { type Figure, figure, imageGrid, line, panels } from '@sgm/viz'
import { type Row, spread } from '../measure'
import type { Context, Section } from '../section'
import { type GlyphModel, RANGE } from './glyph-model'

const GROUP = 'glyphs'
const CLASSES = 10
/** Of the animation, the denser the later: digits show in the last third. */
const FRAMES = 30

/** Digits drawn by predictor and corrector and by the ODE, and what the ODE costs at each tolerance. */
export async function glyphSamples(context: Context, model: GlyphModel): Promise<Section> {
  const { key, effort, progress, signal } = context
  const { process } = model
  const stop = signal ? { signal } : {}
  const shape = [effort.glyphs, 28, 28, 1]
  const frames: Figure[] = []
  const steps = effort.glyphSteps
  const shown = new Set(
    Array.from({ length: FRAMES }, (_, i) => Math.round(steps * (1 - (1 - i / (FRAMES - 1)) ** 2))),
  )

  const byPc = { values: new Float32Array(), shape, evaluations: 0 }
  const scoreOf = (count: number) => model.scoreOf(Array.from({ length: count }, (_, i) => i % CLASSES))
  const pc = predictorCorrector(reverseDiffusion(), langevin({ snr: 0.16 }))
  const run = trajectory({ process, score: scoreOf(effort.glyphs) }, pc, {
    key: foldIn(key, 0),
    shape,
    steps,
    ...stop,
  })
  for await (const { x, t, index, evaluations } of run) {
    progress('glyphs: predictor–corrector', index, steps, `${evaluations} evaluations`)
    if (shown.has(index)) frames.push(await atContrast(x, process.marginal(t).sigma))
    if (index === steps) Object.assign(byPc, { values: (await x.data()).slice(), evaluations })
  }

  const byOde = { values: new Float32Array(), shape, evaluations: 0 }
  const costs: number[] = []
  for (const tolerance of effort.tolerances) {
    const full = tolerance === 1e-3
    const sampler = odeRk45({ tolerance })
    const size = full ? effort.glyphs : Math.min(4, effort.glyphs)
    const options = {
      key: foldIn(key, 1),
      shape: [size, ...shape.slice(1)],
      steps: 1,
      denoise: 'tweedie',
      ...stop,
    } as const
    for await (const { x, index, evaluations } of trajectory(
      { process, score: scoreOf(size) },
      sampler,
      options,
    )) {
      if (index === 0) continue
      costs.push(evaluations)
      progress(
        'glyphs: probability-flow ODE',
        costs.length,
        effort.tolerances.length,
        `${evaluations} evaluations`,
      )
      if (full) Object.assign(byOde, { values: (await x.data()).slice(), evaluations })
    }
  }

  const [seen, unseen] = await Promise.all([values(model.set, 4000), values(model.unseen, 1000)])
  const ink = (pixels: Float32Array) => spread(inks(pixels))
  const truth = ink(unseen)
  const far = (pixels: Float32Array) => spread(distances(pixels, seen)).mean
  const farOfUnseen = far(unseen.subarray(0, 100 * PIXELS))
  const rows: Row[] = []
  for (const [name, { values, evaluations }] of [
    ['predictor–corrector', byPc],
    ['probability-flow ODE', byOde],
  ] as const) {
    rows.push(
      {
        group: GROUP,
        quantity: `${name}: mean ink`,
        measured: ink(values).mean,
        truth: truth.mean,
        tolerance: 4 * Math.sqrt(truth.variance / effort.glyphs) + 0.04,
        evaluations,
      },
      {
        group: GROUP,
        quantity: `${name}: distance to the nearest of 4000 glyphs`,
        measured: far(values),
        truth: farOfUnseen,
        tolerance: 0.5 * farOfUnseen,
        evaluations,
      },
    )
  }
  const data = { values: unseen.subarray(0, effort.glyphs * PIXELS), shape }
  const seenAs = (title: string, grid: { values: Float32Array; shape: number[] }) =>
    figure([imageGrid(grid, { columns: CLASSES, range: RANGE })], { title })
  return {
    title: 'Digits out of noise',
    text:
      `${effort.glyphs} digits, guided to 0 to 9 in turn, by ${steps} steps of predictor and corrector (${byPc.evaluations} evaluations of the score), and by the ` +
      `probability flow at a tolerance of 1e-3 (${byOde.evaluations} evaluations). That they look like digits is for the reader to see; ` +
      'measured are how much ink they have, and how far each lies from the nearest digit of the training data: farther than ' +
      'an unseen digit where it is no digit, nearer where it is an average of digits.',
    figures: [
      {
        name: 'glyph-samples',
        caption: 'Digits that the model has not seen, and samples of the model.',
        picture: await panels(
          [
            seenAs('data', data),
            seenAs(`predictor–corrector, ${byPc.evaluations} evaluations`, byPc),
            seenAs(`probability-flow ODE, ${byOde.evaluations} evaluations`, byOde),
          ],
          { width: 1100 },
        ),
      },
      {
        name: 'glyph-sampling',
        caption: 'Predictor and corrector on the way, with the noise brought to the contrast of the data.',
        picture: frames.at(-1)!,
        frames,
        fps: 10,
      },
      {
        name: 'glyph-tolerance',
        caption:
          'Evaluations that the ODE takes by its tolerance, beside those that the article reports for its own network.',
        picture: await figure(
          [
            line(effort.tolerances, costs, { label: 'this model' }),
            line([1e-1, 1e-3, 1e-5], [14, 86, 548], { label: 'the article', dash: [6, 4] }),
          ],
          {
            x: { label: 'tolerance', scale: 'log' },
            y: { label: 'score evaluations', scale: 'log' },
            width: 560,
          },
        ),
      },
    ],
    rows,
  }
}

const PIXELS = 28 * 28

/** The first 16 states, their noise at the contrast of data of deviation ½. */
async function atContrast(x: Tensor, sigma: number): Promise<Figure> {
  const shown = tidy(() => mul(x, 1 / Math.hypot(1, 2 * sigma)))
  const values = (await shown.data()).slice(0, 16 * PIXELS)
  shown.dispose()
  const grid = { values, shape: [values.length / PIXELS, 28, 28, 1] }
  return figure([imageGrid(grid, { columns: 8, range: RANGE })], { width: 560 })
}

/** The first images of a set. */
async function values(set: ImageSet, count: number): Promise<Float32Array> {
  const x = await images(
    set,
    Array.from({ length: count }, (_, i) => i),
    { range: RANGE },
  )
  const pixels = (await x.data()).slice() as Float32Array
  x.dispose()
  return pixels
}

/** The mean of each image. */
function inks(pixels: Float32Array): Float64Array {
  return Float64Array.from(
    { length: pixels.length / PIXELS },
    (_, i) => spread(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)).mean,
  )
}

/** The Euclidean distance of each image to the nearest of others. */
function distances(pixels: Float32Array, others: Float32Array): Float64Array {
  return Float64Array.from({ length: pixels.length / PIXELS }, (_, i) => {
    let nearest = Number.POSITIVE_INFINITY
    for (let j = 0; j < others.length; j += PIXELS) {
      let sum = 0
      for (let k = 0; k < PIXELS && sum < nearest; k++) sum += (pixels[i * PIXELS + k]! - others[j + k]!) ** 2
      nearest = Math.min(nearest, sum)
    }
    return Math.sqrt(nearest)
  })
}
