import { onnx } from '@sgm/backend-onnx'
import { glyphs, images, stream } from '@sgm/data'
import { denoising } from '@sgm/losses'
import { modeWeights } from '@sgm/metrics'
import {
  annealedLangevin,
  chain,
  eulerMaruyama,
  langevin,
  odeHeun,
  type Sampler,
  sample,
  trajectory,
} from '@sgm/samplers'
import { bind, gaussianMixture, mlp, noTime } from '@sgm/score'
import { ve, vp } from '@sgm/sde'
import { add, exp, key, mul, normal, tensor, uniform, zeros } from '@sgm/tensor'
import { train } from '@sgm/train'
import {
  bars,
  contours,
  curve,
  densityEvolution,
  errorMap,
  type Figure,
  figure,
  grid,
  histogram,
  imageGrid,
  lossCurve,
  type Picture,
  panels,
  paths,
  quiver,
  scatter,
  shareAxes,
} from '@sgm/viz'

const toy = gaussianMixture()
const modes = tensor(toy.means)
const plane = grid({ x: [-8, 8] })
const points = tensor(plane.points, plane.shape)
const density = exp(toy.logDensity(points))
const axes = { x: 'x₁', y: 'x₂' }

/** The pictures of the page on figures, by the names of their files. */
export const pictures: Readonly<Record<string, () => Promise<Picture>>> = {
  'score-field': () =>
    figure([contours(plane, density), quiver(plane, toy.score(points))], {
      ...axes,
      title: 'The score of two Gaussians',
      subtitle: '∇ log p(x) over the density p(x)',
      width: 480,
    }),

  async densities() {
    const samples = await gaussianMixture({
      weights: [0.3, 0.7],
      means: [[-2], [1]],
      covariances: [0.3, 0.8],
    })
      .sample(key(0), 2000)
      .data()
    const normalDensity = (x: number, mean: number, variance: number) =>
      Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
    const exact = (x: number) => 0.3 * normalDensity(x, -2, 0.3) + 0.7 * normalDensity(x, 1, 0.8)
    return figure(
      [histogram(samples, { label: '2 000 samples' }), curve(exact, { x: [-5, 5], label: 'density' })],
      {
        title: 'Samples and the density they come from',
        x: 'x',
        width: 480,
      },
    )
  },

  async evolution() {
    const target = gaussianMixture({ weights: [0.3, 0.7], means: [[-1.5], [1.5]], covariances: [0.05, 0.05] })
    const process = vp()
    const { score, logDensity } = target.diffused(process)
    const times = grid({ x: [0.001, 1], y: [-4, 4], size: [201, 121] })
    const p = exp(logDensity(tensor(times.ys, [times.ys.length, 1]), tensor(times.xs)))
    const marks = [densityEvolution(times, p)]
    const run = { key: key(7), x: normal(key(4), [6, 1]), steps: 200 }
    for (const [label, sampler, dash] of [
      ['reverse SDE', eulerMaruyama(), undefined],
      ['probability-flow ODE', odeHeun(), [6, 4]],
    ] as [string, Sampler, number[] | undefined][]) {
      const [states, at]: [ArrayLike<number>[], number[]] = [[], []]
      for await (const { x, t } of trajectory({ process, score }, sampler, run)) {
        states.push(await x.data())
        at.push(t)
      }
      marks.push(paths(states, { times: at, label, ...(dash && { dash }) }))
    }
    return figure(marks, { title: 'From noise (t = 1) to data (t = 0)', width: 640 })
  },

  async chains() {
    const start = uniform(key(0), [1000, 2], { low: -8, high: 8 })
    const states: ArrayLike<number>[] = []
    for await (const { x } of chain(toy, langevin({ stepSize: 0.05 }), {
      key: key(1),
      x: start,
      steps: 150,
    })) {
      states.push(await x.data())
    }
    const process = ve({ sigmaMin: 1, sigmaMax: 20 })
    const annealed = await sample(
      { process, score: toy.diffused(process).score },
      annealedLangevin({ stepsPerLevel: 20 }),
      { key: key(2), shape: [1000, 2], steps: 20 },
    )
    const few = states.map((state) => Array.from(state).slice(0, 24))
    const plain = await modeWeights(tensor(states.at(-1)! as Float32Array, [1000, 2]), modes)
    return panels(
      [
        figure([contours(plane, density), paths(few)], { ...axes, title: 'Twelve Langevin chains' }),
        figure(
          [
            bars(
              { exact: toy.weights, Langevin: plain, annealed: await modeWeights(annealed, modes) },
              { categories: ['(−5, −5)', '(5, 5)'] },
            ),
          ],
          { title: 'Share of the samples near each mode', y: 'share' },
        ),
      ],
      { width: 900 },
    )
  },

  async training() {
    const model = mlp({ hidden: [64, 64], time: noTime })
    const losses: number[] = []
    const run = train({
      model,
      loss: denoising({ sigma: 0.5 }),
      data: stream(toy.sample, { size: 128, key: key(1) }),
      steps: 1500,
      key: key(0),
      compile: onnx(),
    })
    for await (const { loss } of run) losses.push(loss)
    const learned = bind(model, run.ema)(points, zeros([plane.xs.length]))
    const exact = toy.noised({ sigma: 0.5 }).score(points)
    const picture = await panels(
      [
        figure([lossCurve(losses)], { title: 'Denoising score matching' }),
        figure([errorMap(plane, learned, exact)], {
          ...axes,
          title: 'Far from the data the score is wrong',
        }),
      ],
      { width: 900 },
    )
    run.dispose()
    return picture
  },

  async levels() {
    const figures = [20, 5, 1].map((sigma) => {
      const noised = toy.noised({ sigma })
      const wide = grid({ x: [-24, 24] })
      const values = exp(noised.logDensity(tensor(wide.points, wide.shape)))
      return figure([contours(wide, values), scatter(noised.sample(key(3), 400), { radius: 1.5 })], {
        title: `σ = ${sigma}`,
        notes: false,
      })
    })
    return panels(figures, { shareX: true, shareY: true, width: 900 })
  },

  async digits() {
    const some = await images(
      glyphs({ count: 10, key: key(5) }),
      Int32Array.from({ length: 10 }, (_, i) => i),
    )
    const sigmas = [0, 0.2, 0.5, 1]
    const noise = normal(key(6), some.shape)
    const rows = await Promise.all(sigmas.map((sigma) => add(some, mul(noise, sigma)).data()))
    const values = Float32Array.from(rows.flatMap((row) => Array.from(row)))
    return figure(
      [
        imageGrid(
          { values, shape: [40, ...some.shape.slice(1)] },
          { columns: 10, rowLabels: sigmas.map((sigma) => `σ = ${sigma}`) },
        ),
      ],
      { title: 'Digits under noise', width: 640 },
    )
  },
}

/** The frames of annealed Langevin dynamics. */
export async function annealing(): Promise<Figure[]> {
  const process = ve({ sigmaMin: 1, sigmaMax: 20 })
  const problem = { process, score: toy.diffused(process).score }
  const frames: Figure[] = []
  const run = { key: key(2), shape: [600, 2], steps: 24 }
  for await (const { x, t } of trajectory(problem, annealedLangevin({ stepsPerLevel: 10 }), run)) {
    frames.push(
      await figure([contours(plane, density), scatter(await x.data())], {
        title: `σ = ${process.marginal(t).sigma.toFixed(1)}`,
        width: 400,
      }),
    )
  }
  return shareAxes(frames)
}
