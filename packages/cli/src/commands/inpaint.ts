import { join } from 'node:path'
import { add, mul, sub, type Tensor, tensor, tidy } from '@sgm/tensor'
import type { Context } from '../context'
import { hiddenPixels } from '../masks'
import { count } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'
import { type CompletionOptions, type CompletionResult, complete, describeCompletion } from './conditional'

/** Options of {@link runInpaint}. */
export interface RunInpaintOptions extends CompletionOptions {
  /**
   * What is painted in: `left`, `right`, `top` or `bottom` half, the middle (`center`), or the white pixels of a PNG of the
   * images' size.
   * @default 'right'
   */
  readonly mask?: string
}

/**
 * Completes images of which a part is hidden, by replacement of the known part in predictor and corrector alike.
 *
 * @throws RangeError when the mask is none of the names and no PNG of the images' size.
 * @example
 * const { file } = await runInpaint({ run: 'run', mask: 'left', n: 4 })
 */
export async function runInpaint(given: RunInpaintOptions, context: Context = {}): Promise<CompletionResult> {
  checkOptions(settings, given, context)
  const { mask = 'right', out, ...options } = given
  return complete(
    { ...options, out: out ?? join(options.run, 'inpaint.png') },
    async ({ config }, x) => {
      const [height, width] = config.shape as [number, number]
      const hidden = await hiddenPixels(mask, height, width)
      return tidy(() => {
        const known: Tensor = tensor(
          hidden.map((h) => 1 - h),
          [1, height, width, 1],
        )
        const [low, high] = config.range!
        const grey = (low + high) / 2
        return { known: { data: x, mask: known }, shown: add(mul(sub(x, grey), known), grey) }
      })
    },
    context,
  )
}

const settings: SettingsOf<RunInpaintOptions> = {
  run,
  data: path("images, as of sgm train (the run's own)", 'what'),
  mask: path('what to paint in: left|right|top|bottom|center, or a PNG, white there (right)', 'what'),
  n: { help: 'number of images (8)', kind: count, short: '-n' },
  out: path('PNG: images, what is known, completions (inpaint.png in the run)'),
  ...sampling,
  numbers,
  ...speed,
}

/** `sgm inpaint` */
export const declareInpaint = onRun({
  name: 'inpaint',
  summary: 'complete images of which a part is hidden',
  settings,
  numbers: samplerNumbers,
  run: runInpaint,
  text: describeCompletion,
})
