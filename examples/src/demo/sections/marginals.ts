import { gaussianMixture } from '@sgm/score'
import { itoOf, type LinearSDE, simulate, subVp, uniformGrid, ve, vp } from '@sgm/sde'
import { exp, foldIn, reshape, scoped, tensor, tidy } from '@sgm/tensor'
import { densityEvolution, type Figure, figure, grid, panels } from '@sgm/viz'
import { type Row, spread } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'marginals'

/** A mixture on a line through the time of three processes, and the forward SDEs simulated. */
export const marginals: MakeSection = ({ key, effort: { samples }, progress }) =>
  scoped(async (own) => {
    const target = gaussianMixture({ weights: [0.3, 0.7], means: [[-1.5], [1]], covariances: [0.04, 0.09] })
    const variance = target.covariance[0]![0]!
    const figures: Figure[] = []
    const rows: Row[] = []
    const processes: [name: string, process: LinearSDE][] = [
      ['VE', ve({ sigmaMin: 0.01, sigmaMax: 5 })],
      ['VP', vp()],
      ['sub-VP', subVp()],
    ]
    for (const [i, [name, process]] of processes.entries()) {
      const { alpha, sigma } = process.marginal(1)
      const reach = Math.max(3, 2.5 * Math.sqrt(alpha ** 2 * variance + sigma ** 2))
      const plane = grid({ x: [0, 1], y: [-reach, reach], size: [161, 161] })
      const density = own(
        tidy(() => {
          const x = tensor(plane.ys, [plane.ys.length, 1])
          const t = tensor(plane.xs.map((t) => Math.max(t, process.cutOffs.sample)))
          return reshape(exp(target.diffused(process).logDensity(x, t)), [-1])
        }),
      )
      figures.push(
        await figure([densityEvolution(plane, density, { colorbar: i === 2 })], {
          title: name,
          aspect: 0.8,
          x: { label: 'time t', ticks: [0, 0.5, 1] },
        }),
      )

      const times = uniformGrid()(process, { steps: 200, end: 0 }).toReversed()
      const x = own(target.sample(foldIn(key, i), samples))
      const path = own(simulate(itoOf(process), x, { key: foldIn(key, 10 + i), times }))
      progress(`${GROUP}: forward SDEs`, i + 1, processes.length)
      for (const at of [0.5, 1]) {
        const level = process.marginal(at)
        const truth = level.alpha ** 2 * variance + level.sigma ** 2
        const found = spread(await path[at * 200]!.data())
        // Four standard errors, and the bias of steps of 1/200.
        const tolerance = truth * (4 * Math.sqrt(2 / samples) + 0.04)
        rows.push({
          group: GROUP,
          quantity: `${name}: variance at t = ${at}, simulated`,
          measured: found.variance,
          truth,
          tolerance,
        })
      }
    }
    return {
      title: 'Noise through time: VE, VP and sub-VP',
      text:
        'Each forward SDE dx = f x dt + g dw takes a mixture of two modes to noise: VE adds ever larger noise, VP ' +
        'shrinks the data as it adds noise so that a unit variance stays one, and sub-VP does so with less noise at ' +
        'every time. The marginals are exact; the variances beside them are those of simulated paths.',
      figures: [
        {
          name: 'marginals',
          caption: 'The density at each time, divided by its greatest value at that time.',
          picture: await panels(figures, { width: 1120 }),
        },
      ],
      rows,
    }
  })
