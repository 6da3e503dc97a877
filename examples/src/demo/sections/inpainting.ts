import { add, mul, scoped, sub, tensor, tidy } from '@sgm/tensor'
import type { Context, Section } from '../section'
import { below, complete, originals, TIMES } from './completion'
import type { GlyphModel } from './glyph-model'

const GROUP = 'inpainting'
const KNOWN = 14

/** The right halves of digits, given the left ones. */
export function inpainting(context: Context, model: GlyphModel): Promise<Section> {
  return scoped(async (own) => {
    const digits = own(await originals(context, model))
    const columns = Array.from({ length: 28 }, (_, column) => Number(column < KNOWN))
    const mask = own(tensor(columns, [1, 1, 28, 1]))
    const known = { data: digits.repeated, mask }
    const x = own(await complete(context, model, 'glyphs: inpainting', known))
    const shown = own(tidy(() => add(mul(digits.original, mask), mul(sub(1, mask), -0.2))))
    const truth = await digits.repeated.data()
    const found = await x.data()
    let [change, error, unrelated] = [0, 0, 0]
    for (let i = 0; i < truth.length; i++) {
      if (i % 28 < KNOWN) change = Math.max(change, Math.abs(found[i]! - truth[i]!))
      else {
        error += (found[i]! - truth[i]!) ** 2
        unrelated += (found[(i + 28 * 28) % found.length]! - truth[i]!) ** 2
      }
    }
    return {
      title: 'Inpainting',
      text:
        `The left half of each digit is known, and its right half drawn ${TIMES} times: the sampler of before puts the known pixels, ` +
        'with the noise of their level, in place of its own at every step. The model was not trained for it. Halves that ' +
        'go with several digits are completed as several.',
      figures: [
        {
          name: 'inpainting',
          caption: `Digits that the model has not seen, what is known of them, and ${TIMES} completions.`,
          picture: await below(digits, shown, x),
        },
      ],
      rows: [
        {
          group: GROUP,
          quantity: 'largest change of a known pixel',
          measured: change,
          truth: 0,
          tolerance: 1e-5,
        },
        {
          group: GROUP,
          quantity: 'squared error, over that of the next digit’s completion',
          measured: error / unrelated,
          truth: 0.9,
          tolerance: 0,
          bound: 'above',
        },
      ],
    }
  })
}
