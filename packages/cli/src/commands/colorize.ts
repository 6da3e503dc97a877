import { join } from 'node:path'
import { knownGrey } from '@sgm/samplers'
import { expected, mean, mul, onesLike } from '@sgm/tensor'
import type { Context } from '../context'
import type { Declare } from './command'
import { type CompletionOptions, type CompletionResult, complete, describeCompletion } from './conditional'
import { count, samplingOptions, speedOptions } from './options'

/** Options of {@link runColorize}. */
export interface RunColorizeOptions extends CompletionOptions {}

/**
 * Gives grey images colours, by replacement of the grey in an orthonormal basis of RGB.
 *
 * @throws RangeError unless the run is on colour images.
 */
export function runColorize(
  { grid, ...options }: RunColorizeOptions,
  context: Context = {},
): Promise<CompletionResult> {
  return complete(
    { ...options, grid: grid ?? join(options.run, 'colorize.png') },
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

/** `sgm colorize` */
export const declareColorize: Declare = (program, perform) => {
  const command = program
    .command('colorize')
    .argument('<run>', "the run's folder, on colour images")
    .summary('give grey images colours')
    .option('--data <what>', "colour images to take the grey of (the run's own)")
    .option('-n, --n <n>', 'number of images (8)', count)
    .option('--grid <file>', 'PNG: images, their grey, colourings (colorize.png in the run)')
  speedOptions(samplingOptions(command)).action((run: string, options: Omit<RunColorizeOptions, 'run'>) =>
    perform((context) => runColorize({ ...options, run }, context), describeCompletion),
  )
}
