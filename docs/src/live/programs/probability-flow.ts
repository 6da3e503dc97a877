import { decode, encode, logLikelihood, slerp } from '@sgm/samplers'
import { vp } from '@sgm/sde'
import { abs, concat, item, key, max, mean, scoped, slice, sub, tensor, tidy, tile } from '@sgm/tensor'
import { figure, line, scatter } from '@sgm/viz'
import { probabilityFlow } from '../demos/probability-flow'
import { program } from '../program'
import { beside, plane } from './pictures'
import { EXTENT, toy, under } from './toy'

/** Codes between the two. */
const BETWEEN = 40

export default program(probabilityFlow, async function* ({ points, probes }, { say, compile }) {
  const process = vp()
  const problem = { process, score: toy.diffused(process).score }
  const below = await under(toy)
  yield await scoped(async (own) => {
    const x = own(tensor(points.map((point) => [...point])))
    const codes = own(await encode(problem, x, { ...compile }))
    const arc = own(
      tidy(() => {
        const [a, b] = [slice(codes, [0, 0], [1, 2]), slice(codes, [1, 0], [1, 2])]
        return concat(Array.from({ length: BETWEEN + 1 }, (_, i) => slerp(a, b, i / BETWEEN)))
      }),
    )
    const way = own(await decode(problem, arc, { ...compile }))
    const first = own(slice(x, [0, 0], [1, 2]))
    const likelihood = own(await logLikelihood(problem, first, { ...compile }))
    const many = own(tile(first, [probes, 1]))
    const estimated = own(
      await logLikelihood(problem, many, { divergence: 'hutchinson', key: key(0), ...compile }),
    )
    const truth = own(toy.logDensity(first))
    const ends = own(tidy(() => concat([slice(way, [0, 0], [1, 2]), slice(way, [BETWEEN, 0], [1, 2])])))
    const error = own(tidy(() => max(abs(sub(ends, x)))))
    const [exact, ode, hutchinson] = [
      await item(truth),
      await item(likelihood.logDensity),
      await item(own(mean(estimated.logDensity))),
    ]
    const [decoded, coded] = [await way.data(), await arc.data()]
    const column = (values: ArrayLike<number>, axis: number) =>
      Float32Array.from({ length: BETWEEN + 1 }, (_, i) => values[2 * i + axis]!)
    const route = (values: ArrayLike<number>) =>
      line(column(values, 0), column(values, 1), { color: 1, strokeWidth: 2.5 })
    const dots = (values: ArrayLike<number>) =>
      scatter(
        { values: Float32Array.from(values), shape: [BETWEEN + 1, 2] },
        { color: 1, radius: 2.5, opacity: 0.9 },
      )
    return {
      picture: await beside([
        figure([below, route(decoded), dots(decoded)], {
          ...plane(EXTENT),
          title: say({ en: 'Data', ko: '데이터' }),
        }),
        figure([route(coded), dots(coded)], { ...plane(3.5), title: say({ en: 'Codes', ko: '부호' }) }),
      ]),
      facts: [
        {
          name: 'exact',
          label: { en: 'log p of point 1 by the ODE', ko: 'ODE로 구한 점 1의 log p' },
          value: ode,
          truth: exact,
        },
        {
          name: 'hutchinson',
          label: { en: 'by Hutchinson’s estimate', ko: '허친슨 추정' },
          value: hutchinson,
          truth: exact,
        },
        {
          name: 'error',
          label: { en: 'Error after decoding', ko: '복호한 뒤의 오차' },
          value: await item(error),
          truth: 0,
          digits: 4,
        },
      ],
      progress: 1,
    }
  })
})
