import { join } from 'node:path'
import { knownGrey } from '@sgm/samplers'
import { expected, mean, mul, onesLike } from '@sgm/tensor'
import type { Context } from '../context'
import { count } from '../settings/kinds'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { numbers, path, run, samplerNumbers, sampling, speed } from '../settings/shared'
import { onRun } from './command'
import { type CompletionOptions, type CompletionResult, complete, describeCompletion } from './conditional'

/** Options of {@link runColorize}. */
export interface RunColorizeOptions extends CompletionOptions {}

/**
 * Gives grey images colours, by replacement of the grey in an orthonormal basis of RGB.
 *
 * @throws RangeError unless the run is on colour images.
 * @example
 * const { file } = await runColorize({ run: 'run', n: 4 })
 */
export async function runColorize(
  given: RunColorizeOptions,
  context: Context = {},
): Promise<CompletionResult> {
  checkOptions(settings, given, context)
  const { out, ...options } = given
  return complete(
    { ...options, out: out ?? join(options.run, 'colorize.png') },
    async ({ config }, x) => {
      if (config.shape[2] !== 3) {
        throw expected('sgm', 'a run on images of 3 channels', `${config.shape[2]} in ${options.run}`)
      }
      const grey = mean(x, -1, true)
      return { known: knownGrey(grey), shown: mul(grey, onesLike(x)) }
    },
    context,
  )
}

const settings: SettingsOf<RunColorizeOptions> = {
  run,
  data: path("colour images to take the grey of (the run's own)", 'what'),
  n: { help: 'number of images (8)', kind: count, short: '-n' },
  out: path('PNG: images, their grey, colourings (colorize.png in the run)'),
  ...sampling,
  numbers,
  ...speed,
}

/** `sgm colorize` */
export const declareColorize = onRun({
  name: 'colorize',
  summary: 'give grey images colours',
  argument: "the run's folder, on colour images",
  settings,
  numbers: samplerNumbers,
  run: runColorize,
  text: describeCompletion,
})
