import { images } from '@sgm/data'
import { knownGrey } from '@sgm/samplers'
import { mean, mul, onesLike, scoped, tidy } from '@sgm/tensor'
import type { Context, Section } from '../section'
import { below, complete, originals, TIMES } from './completion'
import { type GlyphModel, RANGE } from './glyph-model'

const GROUP = 'colourisation'

/** Colours of digits, given their grey. */
export function colourisation(context: Context, model: GlyphModel): Promise<Section> {
  return scoped(async (own) => {
    const digits = own(await originals(context, model))
    const known = own(tidy(() => knownGrey(mean(digits.repeated, -1, true))))
    const x = own(await complete(context, model, 'coloured glyphs: colouring', known))
    const shown = own(tidy(() => mul(mean(digits.original, -1, true), onesLike(digits.original))))
    const many = own(
      await images(
        model.unseen,
        Array.from({ length: 1000 }, (_, i) => i),
        { range: RANGE },
      ),
    )
    const [truth, found] = [await digits.repeated.data(), await x.data()]
    const greys = greysOf(truth)
    const change = greysOf(found).reduce((most, grey, i) => Math.max(most, Math.abs(grey - greys[i]!)), 0)
    const [wanted, got] = [chroma(await many.data()), chroma(found)]
    return {
      title: 'Colourisation',
      text:
        `The grey of each digit is known, as the first axis of an orthonormal basis of RGB, and its colours drawn ${TIMES} times. Ink ` +
        'and paper of the data have hues of their own that their grey says little of: the colours are free, but one for ' +
        'the ink and one for the paper.',
      figures: [
        {
          name: 'colourisation',
          caption: `Digits that the model has not seen, their grey, and ${TIMES} colourings.`,
          picture: await below(digits, shown, x),
        },
      ],
      rows: [
        {
          group: GROUP,
          quantity: 'largest change of a grey value',
          measured: change,
          truth: 0,
          tolerance: 1e-5,
        },
        {
          group: GROUP,
          quantity: 'colourfulness, root mean square of RGB about its grey',
          measured: got,
          truth: wanted,
          tolerance: 0.25 * wanted,
        },
      ],
    }
  })
}

function greysOf(pixels: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: pixels.length / 3 },
    (_, i) => (pixels[3 * i]! + pixels[3 * i + 1]! + pixels[3 * i + 2]!) / 3,
  )
}

/** The root mean square of what colours add to grey. */
function chroma(pixels: ArrayLike<number>): number {
  const greys = greysOf(pixels)
  let sum = 0
  for (let i = 0; i < pixels.length; i++) sum += (pixels[i]! - greys[Math.floor(i / 3)]!) ** 2
  return Math.sqrt(sum / pixels.length)
}
