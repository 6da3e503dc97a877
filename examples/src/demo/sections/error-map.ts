import { stream } from '@sgm/data'
import { denoising, fisherDivergence, multiLevelDenoising } from '@sgm/losses'
import {
  bind,
  edmPreconditioned,
  gaussianMixture,
  mapNetwork,
  mlp,
  noTime,
  type ScoreFunction,
} from '@sgm/score'
import { logSnrGrid, ve } from '@sgm/sde'
import { foldIn, full, mul, scoped, type Tensor, tensor, tidy } from '@sgm/tensor'
import { errorMap, type Figure, figure, grid, panels } from '@sgm/viz'
import { learn } from '../learn'
import { average, type Row } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'error map'
const LEAST = 0.5

/** Where a score learned at one level of noise is wrong, and what many levels do about it. */
export const errorMaps: MakeSection = (context) =>
  scoped(async (own) => {
    const { key, effort } = context
    const target = gaussianMixture()
    const process = ve({ sigmaMin: LEAST, sigmaMax: 20 })
    const times = logSnrGrid()(process, { steps: 9, end: 0 })
    const sigmas = times.map((t) => process.marginal(t).sigma)

    const lesson = {
      data: stream(target.sample, { size: 256, key: foldIn(key, 0) }),
      steps: Math.ceil(effort.steps / 2),
      key: foldIn(key, 1),
      rate: 3e-3,
      decay: 0.99,
    }
    const [alone, noised] = [
      mlp({ hidden: [128, 128], time: noTime }),
      mapNetwork(mlp({ hidden: [128, 128] }), (f) => edmPreconditioned(f, process, { sigmaData: 5 })),
    ]
    using one = await learn(context, {
      ...lesson,
      task: `${GROUP}: one level`,
      model: alone,
      loss: denoising({ sigma: LEAST }),
    })
    using many = await learn(context, {
      ...lesson,
      task: `${GROUP}: many levels`,
      model: noised,
      loss: multiLevelDenoising({ sigmas, times }),
    })
    const ofOne = bind(alone, one.ema)
    const ofMany = bind(noised, many.ema)

    const plane = grid({ x: [-8, 8], size: 65 })
    const points = own(tensor(plane.points, plane.shape))
    const [low, middle, high] = [times.at(-1)!, times[4]!, times[0]!]
    const maps: [
      name: string,
      score: ScoreFunction,
      t: number,
      plane?: Pick<Row, 'truth' | 'tolerance' | 'bound'>,
    ][] = [
      ['one level', ofOne, low, { truth: 0.5, tolerance: 0, bound: 'below' }],
      ['many levels', ofMany, low],
      ['many levels', ofMany, middle],
      ['many levels', ofMany, high, { truth: 0, tolerance: 0.05 }],
    ]
    const figures: Figure[] = []
    const rows: Row[] = []
    for (const [name, score, t, overPlane] of maps) {
      const { sigma } = process.marginal(t)
      const exact = target.noised({ sigma })
      const title = `${name}, σ = ${Number(sigma.toPrecision(2))}`
      const at = own(full([points.shape[0]!], t))
      const scaled = (f: ScoreFunction) => own(tidy(() => mul(f(points, at), sigma)))
      const colours = { domain: [0, 2], label: 'σ ‖error‖', colorbar: figures.length === 3 } as const
      const map = errorMap(plane, scaled(score), scaled(exact.score), colours)
      figures.push(
        await figure([map], {
          title,
          x: { label: 'x₁', ticks: [-5, 0, 5] },
          y: { label: 'x₂', ticks: [-5, 0, 5] },
        }),
      )
      /** σ²E‖error‖² over points. */
      const error = async (x: Tensor): Promise<number> => {
        const level = own(full([x.shape[0]!], t))
        return sigma ** 2 * (await average(own(fisherDivergence(score, exact.score, x, level))))
      }
      const data = own(exact.sample(foldIn(key, 2), effort.samples))
      const quantity = `${title}: error where the data are`
      rows.push({ group: GROUP, quantity, measured: await error(data), truth: 0, tolerance: 0.05 })
      if (!overPlane) continue
      rows.push({
        group: GROUP,
        quantity: `${title}: error over the plane`,
        measured: await error(points),
        ...overPlane,
      })
    }
    return {
      title: 'Where a learned score is right',
      text:
        'Score matching weighs errors by the density, so that a learned score is right only where data are: at one ' +
        'small level of noise it is wrong over most of the plane. A network of many levels is right at each of them ' +
        'where the data of that level are, which at the largest level is everywhere. Errors are in units of the noise; ' +
        'the score 0 has one of at most √2 where the data are.',
      figures: [
        {
          name: 'error-map',
          caption:
            'σ‖ŝ − s‖ over the plane, of a score learned at one level of noise, and of one learned at ten.',
          picture: await panels(figures, { columns: 4, shareY: true, width: 1120 }),
        },
      ],
      rows,
    }
  })
