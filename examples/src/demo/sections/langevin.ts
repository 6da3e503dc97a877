import { chain, langevin, mala } from '@sgm/samplers'
import { gaussian, gaussianMixture } from '@sgm/score'
import { exp, foldIn, normal, scoped, tensor, tidy, uniform } from '@sgm/tensor'
import { contours, type Figure, figure, grid, paths } from '@sgm/viz'
import { spread } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'Langevin chain'
const STEP = 0.5

/** Chains on their way to the modes, and the law they settle in. */
export const langevinChain: MakeSection = ({ key, effort: { samples }, progress, signal }) =>
  scoped(async (own) => {
    const stop = signal ? { signal } : {}
    const target = gaussianMixture()
    const plane = grid({ x: [-8, 8], size: 81 })
    const density = own(tidy(() => exp(target.logDensity(tensor(plane.points, plane.shape)))))
    const under = await contours(plane, density)
    const start = own(uniform(foldIn(key, 0), [24, 2], { low: -8, high: 8 }))
    const states: ArrayLike<number>[] = []
    const run = chain(target, langevin({ stepSize: 0.03 }), {
      key: foldIn(key, 1),
      x: start,
      steps: 150,
      ...stop,
    })
    for await (const { x } of run) states.push(await x.data())

    const still = (until: number, from: number): Promise<Figure> =>
      figure(
        [
          under,
          paths(
            states.slice(from, until).map((values) => ({ values, shape: [24, 2] })),
            { opacity: 0.6 },
          ),
        ],
        { x: 'x₁', y: 'x₂', width: 520, legend: false },
      )
    const frames: Figure[] = []
    for (let i = 2; i <= states.length; i += 3) frames.push(await still(i, Math.max(0, i - 25)))
    frames.push(await still(states.length, 0))

    const line = gaussian({ mean: [0] })
    const points = own(normal(foldIn(key, 2), [4 * samples, 1]))
    const variance: number[] = []
    let acceptance = 0
    for (const [i, sampler] of [langevin({ stepSize: STEP }), mala({ stepSize: STEP })].entries()) {
      const options = { key: foldIn(key, 3 + i), x: points, steps: 40, ...stop }
      for await (const { x, index, stats } of chain(line, sampler, options)) {
        progress(`${GROUP}: ${sampler.name}`, index, options.steps)
        acceptance += (stats.acceptance ?? 0) / options.steps
        if (index === options.steps) variance.push(spread(await x.data()).variance)
      }
    }
    const error = (value: number) => 4 * value * Math.sqrt(2 / (4 * samples))
    const stationary = 1 / (1 - STEP / 2)
    return {
      title: 'Langevin dynamics',
      text:
        'x ← x + ε s(x) + √(2ε) z turns a score into samples: chains from a uniform start climb the density and wander ' +
        `where it is high. The step leaves its mark: on N(0, 1) the chain settles in the variance 1/(1 − ε/2), here with ε = ${STEP}; ` +
        'accepting or rejecting each step (MALA) settles in 1.',
      figures: [
        {
          name: 'langevin-chain',
          caption:
            '24 chains on the exact score of the mixture, 150 steps of ε = 0.03, and at last their whole paths.',
          picture: frames.at(-1)!,
          frames,
        },
      ],
      rows: [
        {
          group: GROUP,
          quantity: 'variance of plain Langevin on N(0, 1)',
          measured: variance[0]!,
          truth: stationary,
          tolerance: error(stationary),
        },
        {
          group: GROUP,
          quantity: 'variance of MALA on N(0, 1)',
          measured: variance[1]!,
          truth: 1,
          tolerance: error(1),
        },
        {
          group: GROUP,
          quantity: 'acceptance of MALA',
          measured: acceptance,
          truth: 0.9,
          tolerance: 0,
          bound: 'below',
        },
      ],
    }
  })
