import { samplerPresets } from '@sgm/samplers'
import type { Declare } from './command'

const summaries = Object.entries(samplerPresets).map(([name, { summary }]) => [name, summary] as const)

/** `sgm samplers` */
export const declareSamplers: Declare = (program, perform) => {
  program
    .command('samplers')
    .summary('list the samplers')
    .action(() =>
      perform(
        async () => ({ samplers: Object.fromEntries(summaries) }),
        () => summaries.map(([name, summary]) => `${name.padEnd(12)}${summary}`).join('\n'),
      ),
    )
}
