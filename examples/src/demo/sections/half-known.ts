import { ancestral, langevin, predictorCorrector, replacement, sample } from '@sgm/samplers'
import { gaussianMixture, mixturePosterior } from '@sgm/score'
import { vp } from '@sgm/sde'
import { exp, foldIn, scoped, tensor, tidy } from '@sgm/tensor'
import { contours, curve, figure, grid, histogram, panels, rule, scatter } from '@sgm/viz'
import { type Row, spread } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'half-known point'
const KNOWN = 0.8

/** The second coordinate of a point of which the first is known. */
export const halfKnown: MakeSection = ({ key, effort: { samples }, progress, signal }) =>
  scoped(async (own) => {
    const target = gaussianMixture({
      weights: [0.4, 0.6],
      means: [
        [0, -1.2],
        [0, 1],
      ],
      covariances: [
        [
          [0.5, 0.3],
          [0.3, 0.3],
        ],
        [
          [0.5, -0.3],
          [-0.3, 0.3],
        ],
      ],
    })
    const process = vp()
    const known = { data: own(tensor([[KNOWN, 0]])), mask: own(tensor([1, 0])) }
    const sampler = predictorCorrector(
      replacement(ancestral(), known),
      replacement(langevin({ snr: 0.3 }), known),
      { correctorSteps: 12 },
    )
    const x = own(
      await sample({ process, score: target.diffused(process).score }, sampler, {
        key: foldIn(key, 0),
        shape: [samples, 2],
        steps: 100,
        ...(signal && { signal }),
        onProgress: ({ index, steps }) => progress(`${GROUP}: completing`, index, steps),
      }),
    )
    const points = await x.data()
    const second = Array.from({ length: samples }, (_, i) => points[2 * i + 1]!)
    const posterior = mixturePosterior(target, { matrix: [[1, 0]], observation: [KNOWN], noiseCovariance: 0 })
    const density = (y: number): number =>
      posterior.weights.reduce((sum, w, k) => {
        const [m, v] = [posterior.means[k]![1]!, posterior.covariances[k]![1]![1]!]
        return sum + (w * Math.exp(-((y - m) ** 2) / (2 * v))) / Math.sqrt(2 * Math.PI * v)
      }, 0)
    const found = spread(second)
    const variance = posterior.covariance[1]![1]!
    const upper = second.filter((y) => y > 0).length / samples
    const exactUpper = integral(density, 0, 8)
    const error = 4 / Math.sqrt(samples)
    const change = second.reduce((most, _, i) => Math.max(most, Math.abs(points[2 * i]! - KNOWN)), 0)
    const plane = grid({ x: [-3, 3], y: [-3, 3], size: 81 })
    const joint = own(tidy(() => exp(target.logDensity(tensor(plane.points, plane.shape)))))
    const row = (quantity: string, measured: number, truth: number, tolerance: number): Row => ({
      group: GROUP,
      quantity,
      measured,
      truth,
      tolerance,
    })
    return {
      title: 'Inpainting a half-known point',
      text:
        `Of each point the first coordinate is known, x₁ = ${KNOWN}. Samplers that put the known coordinate, noised to the level ` +
        'they are at, in place of their own complete the other; correctors let the two agree. The law of what is ' +
        'completed is known exactly for the mixture. Replacement only comes near it: the rest of the difference is its own.',
      figures: [
        {
          name: 'half-known',
          caption: 'Completions over the density of the data, and beside the exact posterior density of x₂.',
          picture: await panels(
            [
              figure([contours(plane, joint), rule({ x: KNOWN }), scatter(x, { color: 1, opacity: 0.25 })], {
                title: `completions, x₁ = ${KNOWN}`,
                x: 'x₁',
                y: 'x₂',
              }),
              figure(
                [
                  histogram(second, { bins: 40, domain: [-3, 3], label: 'completions' }),
                  curve(density, { x: [-3, 3], label: 'exact posterior' }),
                ],
                { title: 'x₂ given x₁', x: 'x₂', aspect: 1 },
              ),
            ],
            { width: 980 },
          ),
        },
      ],
      rows: [
        row('largest change of x₁', change, 0, 1e-3),
        row('mean of x₂', found.mean, posterior.mean[1]!, error * Math.sqrt(variance) + 0.1),
        row('variance of x₂', found.variance, variance, (error * Math.SQRT2 + 0.1) * variance),
        row('share with x₂ > 0', upper, exactUpper, error / 2 + 0.05),
      ],
    }
  })

/** By the midpoint rule. */
function integral(f: (x: number) => number, from: number, to: number, pieces = 2000): number {
  const h = (to - from) / pieces
  let sum = 0
  for (let i = 0; i < pieces; i++) sum += f(from + (i + 0.5) * h) * h
  return sum
}
