import { samplerSummaries } from '../choices/samplers'
import type { Declare } from './command'

/** `sgm samplers` */
export const declareSamplers: Declare = (program, perform) => {
  program
    .command('samplers')
    .summary('list the samplers')
    .action(() =>
      perform(
        async () => ({ samplers: Object.fromEntries(samplerSummaries) }),
        () => samplerSummaries.map(([name, summary]) => `${name.padEnd(12)}${summary}`).join('\n'),
      ),
    )
}
