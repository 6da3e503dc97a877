import { edmDenoising } from '@sgm/losses'
import { dpmSolverPlusPlus, eulerMaruyama } from '@sgm/samplers'
import { bind, edmPreconditioned, mapNetwork, mlp } from '@sgm/score'
import { edm } from '@sgm/sde'
import { add, cast, floor, foldIn, gather, key, mul, normal, tensor, tidy, uniform } from '@sgm/tensor'
import { train } from '@sgm/train'
import { figure, lossCurve, scatter } from '@sgm/viz'
import { drawing } from '../demos/drawing'
import { program } from '../program'
import type { Fact } from '../spec'
import { beside, pictureWords, plane } from './pictures'
import { momentsOf, sampled } from './toy'

const EXTENT = 2
const BATCH = 256
const COUNT = 1000
/** About the deviation of a drawing's coordinates. */
const SPREAD = 0.75

export default program(drawing, async function* ({ points, steps, sampler }, { say, compile }) {
  const drawn = Float32Array.from(points.flat())
  const sheet = figure(
    [scatter({ values: drawn, shape: [points.length, 2] }, { radius: 2.5, opacity: 0.9 })],
    {
      ...plane(EXTENT),
      title: say({ en: 'Your drawing', ko: '그림' }),
    },
  )
  yield { picture: await beside([sheet, figure([], { ...plane(EXTENT) })]), facts: [], progress: 0 }
  if (points.length < 2) return
  const process = edm({ sigmaMax: 10 })
  const model = mapNetwork(mlp({ hidden: [96, 96, 96] }), (f) =>
    edmPreconditioned(f, process, { sigmaData: SPREAD }),
  )
  const data = tensor(drawn, [points.length, 2])
  const run = train({
    model,
    loss: edmDenoising({ sigmaData: SPREAD, logMean: -1.5 }),
    data: (step) => batch(step),
    steps,
    rate: (step) => 5e-3 * (1 - (0.95 * step) / steps),
    ema: { decay: 0.98 },
    key: key(0),
    ...compile,
  })
  /** Points of the drawing as a pencil of some width leaves them. */
  function batch(step: number) {
    const [which, jitter] = [foldIn(key(1), step), foldIn(key(2), step)]
    return tidy(() =>
      add(
        gather(data, cast(floor(mul(uniform(which, [BATCH]), points.length)), 'int32')),
        mul(normal(jitter, [BATCH, 2]), 0.02),
      ),
    )
  }
  const losses: number[] = []
  try {
    for await (const { step, loss } of run) {
      losses.push(loss)
      if (step % 25 > 0) continue
      const curve = figure([lossCurve(losses)], {
        x: say(pictureWords.steps),
        y: { label: '' },
        title: say({ en: 'Loss', ko: '손실' }),
        aspect: 1,
      })
      yield { picture: await beside([sheet, curve]), facts: [], progress: (0.8 * step) / steps }
    }
    await run.pull()
    const way =
      sampler === 'euler-maruyama'
        ? { sampler: eulerMaruyama(), steps: 100 }
        : { sampler: dpmSolverPlusPlus(), steps: 20 }
    const score = bind(model, run.ema)
    const drawing = { process, score, key: key(3), count: COUNT, ...way, compile }
    for await (const moment of sampled(drawing)) {
      const found = scatter(
        { values: moment.points, shape: [COUNT, 2] },
        { color: 1, radius: 1.6, opacity: 0.6 },
      )
      yield {
        picture: await beside([
          sheet,
          figure([found], { ...plane(EXTENT), title: say({ en: 'New points', ko: '새 점들' }) }),
        ]),
        facts: compared(drawn, moment.points),
        progress: 0.8 + 0.2 * moment.progress,
      }
    }
  } finally {
    run.dispose()
    data.dispose()
  }
})

/** Deviations of the new points beside those of the drawing. */
function compared(drawn: Float32Array, found: Float32Array): Fact[] {
  const deviation = (points: Float32Array, axis: 0 | 1) => Math.sqrt(momentsOf(points, axis)[1])
  return ([0, 1] as const).map((axis) => ({
    name: `deviation${axis + 1}`,
    label: { en: `Deviation of ${'x₁ x₂'.split(' ')[axis]}`, ko: `${'x₁ x₂'.split(' ')[axis]}의 표준편차` },
    value: deviation(found, axis),
    truth: deviation(drawn, axis),
  }))
}
