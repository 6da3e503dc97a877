import { energyDistance, modeWeights } from '@sgm/metrics'
import { eulerMaruyama, odeHeun, type Problem, type Sampler, trajectory } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { exp, foldIn, reshape, scoped, tensor, tidy } from '@sgm/tensor'
import { densityEvolution, type Figure, figure, grid, panels, paths } from '@sgm/viz'
import type { Row } from '../measure'
import type { Context, MakeSection } from '../section'

const GROUP = 'SDE and ODE'
const STEPS = 200
const SHOWN = 9

/** Paths of the reverse SDE and of the probability-flow ODE in one dimension, over the density that both follow. */
export const sdeAndOde: MakeSection = (context) =>
  scoped(async (own) => {
    const { key, effort } = context
    const target = gaussianMixture({ weights: [0.3, 0.7], means: [[-1.5], [1]], covariances: [0.04, 0.09] })
    const process = vp()
    const exact = target.diffused(process)
    const plane = grid({ x: [0, 1], y: [-3, 3], size: [201, 161] })
    const density = own(
      tidy(() => {
        const t = tensor(plane.xs.map((t) => Math.max(t, process.cutOffs.sample)))
        return reshape(exp(exact.logDensity(tensor(plane.ys, [plane.ys.length, 1]), t)), [-1])
      }),
    )
    const modes = own(tensor(target.means.map((mean) => [...mean])))
    const count = Math.ceil(effort.samples / 2)
    const some = Math.min(400, count)
    const figures: Figure[] = []
    const rows: Row[] = []
    const samplers: [name: string, sampler: Sampler][] = [
      ['reverse SDE', eulerMaruyama()],
      ['probability-flow ODE', odeHeun()],
    ]
    for (const [i, [name, sampler]] of samplers.entries()) {
      const { times, states } = await walk(context, { process, score: exact.score }, name, sampler, count, i)
      const shown = states.map((values) => values.slice(0, SHOWN))
      figures.push(
        await figure(
          [
            densityEvolution(plane, density, { colorbar: i === 1 }),
            paths(shown, { times, each: true, opacity: 0.95, ends: false }),
          ],
          { title: `The ${name}`, aspect: 0.75 },
        ),
      )
      const last = own(tensor(states.at(-1)!, [count, 1]))
      const [weight] = await modeWeights(last, modes)
      const w = target.weights[0]!
      rows.push({
        group: GROUP,
        quantity: `${name}: weight of mode 1`,
        measured: weight!,
        truth: w,
        tolerance: 4 * Math.sqrt((w * (1 - w)) / count) + 0.01,
      })
      const half = own(tensor(states[STEPS / 2]!.slice(0, some), [some, 1]))
      const draws = own(exact.sample(foldIn(key, 9), some, times[STEPS / 2]!))
      rows.push({
        group: GROUP,
        quantity: `${name}: energy distance from the marginal at t = ½`,
        measured: await energyDistance(half, draws),
        truth: 0,
        // Two samples of one law of deviation 1 are 2/n apart, give or take as much; a shift of 0.3 makes 0.05.
        tolerance: 8 / some,
      })
    }
    return {
      title: 'From noise to data: the reverse SDE and the probability-flow ODE',
      text:
        'The same score drives both ways back from noise to data. Paths of the SDE are rough and may end anywhere; ' +
        'those of the ODE are smooth and never cross. At every time both have the marginal that the forward process has.',
      figures: [
        {
          name: 'sde-and-ode',
          caption: `${SHOWN} paths of each from t = 1 (noise) down to t = 0 (data), over the exact marginals of VP.`,
          picture: await panels(figures, { shareY: true, width: 1080 }),
        },
      ],
      rows,
    }
  })

/** All times and states of a run, on the host. */
async function walk(
  { key, progress, signal }: Context,
  problem: Problem,
  name: string,
  sampler: Sampler,
  count: number,
  i: number,
): Promise<{ readonly times: readonly number[]; readonly states: readonly Float32Array[] }> {
  const times: number[] = []
  const states: Float32Array[] = []
  const options = { key: foldIn(key, i), shape: [count, 1], steps: STEPS, denoise: 'none' } as const
  for await (const { x, t, index } of trajectory(problem, sampler, {
    ...options,
    ...(signal && { signal }),
  })) {
    times.push(t)
    states.push(Float32Array.from(await x.data()))
    progress(`${GROUP}: ${name}`, index, STEPS)
  }
  return { times, states }
}
