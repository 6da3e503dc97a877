import { modeWeights } from '@sgm/metrics'
import { annealedLangevin, chain, langevin, sample } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { ve } from '@sgm/sde'
import { clone, foldIn, scoped, type Tensor, tensor, uniform } from '@sgm/tensor'
import { bars, figure, panels, scatter } from '@sgm/viz'
import { shape } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'mixing'
const STEPS = 1000

/** The weights of the modes by Langevin dynamics, plain and annealed, both on exact scores. */
export const mixing: MakeSection = ({ key, effort: { samples }, progress, signal }) =>
  scoped(async (own) => {
    const stop = signal ? { signal } : {}
    const target = gaussianMixture()
    const start = own(uniform(foldIn(key, 0), [samples, 2], { low: -8, high: 8 }))
    let plain: Tensor = start
    const steps = Math.min(STEPS, samples)
    const run = chain(target, langevin({ stepSize: 0.05 }), { key: foldIn(key, 1), x: start, steps, ...stop })
    for await (const { x, index } of run) {
      progress(`${GROUP}: plain Langevin`, index, steps)
      if (index === steps) plain = own(clone(x))
    }
    const process = ve({ sigmaMin: 1, sigmaMax: 20 })
    const annealed = own(
      await sample(
        { process, score: target.diffused(process).score },
        annealedLangevin({ stepSize: 0.05, stepsPerLevel: 100 }),
        {
          key: foldIn(key, 2),
          shape: [samples, 2],
          steps: 10,
          end: 0,
          ...stop,
          onProgress: ({ index, steps }) => progress(`${GROUP}: annealed Langevin`, index, steps),
        },
      ),
    )
    const exact = own(target.sample(foldIn(key, 3), samples))
    const modes = own(tensor(target.means.map((mean) => [...mean])))
    const [ofExact, ofPlain, ofAnnealed] = await Promise.all(
      [exact, plain, annealed].map((x) => modeWeights(x, modes)),
    )
    const axis = { domain: [-9, 9] } as const
    const seen = (title: string, x: Tensor) =>
      figure([scatter(x)], { title, x: { ...axis, label: 'x₁' }, y: { ...axis, label: 'x₂' } })
    const error = (w: number) => 4 * Math.sqrt((w * (1 - w)) / samples)
    return {
      title: 'Plain and annealed Langevin dynamics',
      text:
        `${samples} chains from a uniform start, each with the exact score. Plain Langevin dynamics hardly ever crosses the valley ` +
        'between the modes: their weights come out as the shares of the square that are nearer to either, about 1 : 1, and ' +
        'not as 1 : 4. Annealing, 100 steps at each of ten levels of noise from σ = 20 to 1, finds the weights. Its last step, to ' +
        'the posterior mean under the noise of σ = 1, draws the modes together: to half their variance.',
      figures: [
        {
          name: 'mixing',
          caption: 'Draws of the mixture, and the ends of plain and of annealed chains.',
          picture: await panels(
            [seen('exact', exact), seen('plain Langevin', plain), seen('annealed Langevin', annealed)],
            { shareY: true, width: 1000 },
          ),
        },
        {
          name: 'mode-weights',
          caption: 'The share of the samples nearest to each mode.',
          picture: await figure(
            [
              bars(
                { exact: ofExact!, 'plain Langevin': ofPlain!, 'annealed Langevin': ofAnnealed! },
                { categories: ['mode (−5, −5)', 'mode (5, 5)'] },
              ),
            ],
            { y: { label: 'weight', domain: [0, 1] }, width: 560 },
          ),
        },
      ],
      rows: [
        {
          group: GROUP,
          quantity: 'plain Langevin: weight of mode 1',
          measured: ofPlain![0]!,
          // The border, x + y = ln(¼)/10, divides the square in these shares.
          truth: SHARE,
          tolerance: error(SHARE),
          evaluations: steps,
        },
        {
          group: GROUP,
          quantity: 'annealed Langevin: weight of mode 1',
          measured: ofAnnealed![0]!,
          truth: target.weights[0]!,
          tolerance: error(target.weights[0]!) + 0.01,
          evaluations: 1001,
        },
        {
          group: GROUP,
          quantity: 'annealed Langevin, denoised: variance across modes',
          measured: (await shape(annealed)).across,
          // That of E[x₀ | x] where x has variance 1 + σ² = 2.
          truth: 0.5,
          tolerance: 2 * Math.sqrt(2 / samples) + 0.02,
        },
      ],
    }
  })

/** The part of the square [−8, 8]² where x + y < −0.1386. */
const SHARE = (16 - 0.1386) ** 2 / 2 / 256
