import { implicit } from '@sgm/losses'
import { bind } from '@sgm/score'
import {
  compile as compiled,
  dispose,
  exp,
  foldIn,
  full,
  item,
  key,
  mul,
  type NamedTensors,
  scoped,
  square,
  sum,
  sumRows,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { train } from '@sgm/train'
import { contours, errorMap, figure, grid, lossCurve, quiver } from '@sgm/viz'
import { objective } from '../demos/score-matching'
import type { Frame, Tools } from '../program'
import { data, lessonOf } from './lessons'
import { beside, pictureWords } from './pictures'

const EXTENT = 4
const map = grid({ x: [-EXTENT, EXTENT], size: 41 })
/** Wide enough for all that the data's density is not 0 at. */
const all = grid({ x: [-6, 6], size: 41 })
const CELL = (12 / 40) ** 2
/** The most pictures of a run, and the fewest steps from one to the next. */
const [PICTURES, LEAST] = [20, 20]

/** Trains by a loss, and shows field, error and loss on the way. */
export async function* learn(
  name: string,
  steps: number,
  seed: number,
  { say, compile }: Tools,
): AsyncGenerator<Frame> {
  const { model, loss, truth, time, batch = data.sample, scoreOf = (score) => score } = lessonOf(name)
  const run = train({
    model,
    loss,
    data: (step) => batch(foldIn(key(seed + 1), step), 256),
    steps,
    rate: (step) => 8e-3 * (1 - (0.95 * step) / steps),
    ema: false,
    key: key(seed),
    ...compile,
  })
  const given = tidy(() => {
    const [x, wide] = [tensor(map.points, map.shape), tensor(all.points, all.shape)]
    const density = exp(truth.logDensity(wide))
    const minimum = mul(sum(mul(density, sumRows(square(truth.score(wide))))), -CELL / 2)
    return { x, wide, density, shown: exp(truth.logDensity(x)), wanted: truth.score(x), minimum }
  })
  /** The learned score, and its objective over all of the density. */
  const judged = compiled(
    (parameters: NamedTensors, x: Tensor, wide: Tensor, density: Tensor) => {
      const score = scoreOf(bind(model, parameters))
      const times = full([wide.shape[0]!], time)
      const rows = implicit().evaluate(score, wide, { times })
      return { field: score(x, full([x.shape[0]!], time)), value: mul(sum(mul(density, rows)), CELL) }
    },
    { executor: compile?.compile },
  )
  const losses: number[] = []
  try {
    const [minimum, below] = [await item(given.minimum), await contours(map, given.shown)]
    for await (const { step, loss: now } of run) {
      losses.push(now)
      if (step % Math.max(LEAST, Math.ceil(steps / PICTURES)) > 0 && step < steps) continue
      await run.pull()
      yield await scoped(async (own): Promise<Frame> => {
        const { field, value } = own(await judged(run.parameters, given.x, given.wide, given.density))
        const title = (en: string, ko: string) => ({ title: say({ en, ko }) })
        return {
          picture: await beside([
            figure([below, quiver(map, field, { across: 14 })], title('Learned score', '학습된 스코어')),
            figure(
              [errorMap(map, field, given.wanted, { domain: [0, 4], colorbar: false })],
              title('Its error (dark: none)', '오차 (어두우면 0)'),
            ),
            figure([lossCurve(losses)], {
              ...title('Loss', '손실'),
              x: say(pictureWords.steps),
              y: { label: '' },
              aspect: 1,
            }),
          ]),
          facts: [
            {
              name: 'objective',
              label: { en: objective, ko: objective },
              value: await item(value),
              truth: minimum,
            },
            { name: 'loss', label: { en: 'Loss', ko: '손실' }, value: now },
          ],
          progress: step / steps,
        }
      })
    }
  } finally {
    run.dispose()
    await judged.dispose()
    dispose(given)
  }
}
