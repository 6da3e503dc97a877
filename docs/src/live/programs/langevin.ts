import { moments } from '@sgm/metrics'
import { chain, langevin, mala } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { add, key, mul, normal, tensor, tidy } from '@sgm/tensor'
import { curve, figure, histogram, scatter } from '@sgm/viz'
import { langevin as demo } from '../demos/langevin'
import { program } from '../program'
import type { Fact } from '../spec'
import { beside, pictureWords, plane } from './pictures'

const COUNT = 10_000
const STEPS = 150
/** Steps from one picture to the next. */
const EVERY = 3
/** Steps until the start at distance 4 is forgotten at the smallest ε: 4 (1 − 0.05)^90 = 0.04. */
const WARM_UP = 90

export default program(demo, async function* ({ sampler, epsilon }, { say, compile }) {
  const target = gaussian({ mean: [0, 0] })
  const x = tidy(() => add(mul(normal(key(0), [COUNT, 2]), 0.3), tensor([3, 2.5])))
  const moves = sampler === 'mala' ? mala({ stepSize: epsilon }) : langevin({ stepSize: epsilon })
  const stationary = sampler === 'mala' ? 1 : 1 / (1 - epsilon / 2)
  let [sum, accepted, kept] = [0, 0, 0]
  try {
    for await (const point of chain(target, moves, { key: key(1), x, steps: STEPS, ...compile })) {
      const { covariance } = await moments(point.x)
      const now = (covariance[0]![0]! + covariance[1]![1]!) / 2
      if (point.index > WARM_UP) {
        sum += now
        kept++
        accepted += point.stats.acceptance ?? 1
      }
      const facts: Fact[] = [
        {
          name: 'variance',
          label: { en: 'Variance', ko: '분산' },
          value: kept > 0 ? sum / kept : now,
          truth: stationary,
        },
      ]
      if (sampler === 'mala' && kept > 0) {
        facts.push({
          name: 'acceptance',
          label: { en: 'Accepted', ko: '수락한 비율' },
          value: accepted / kept,
        })
      }
      if (point.index % EVERY > 0) continue
      const values = await point.x.data()
      yield { picture: await drawn(values, stationary), facts, progress: point.index / STEPS }
    }
  } finally {
    x.dispose()
  }

  function drawn(values: ArrayLike<number>, variance: number) {
    const first = Float32Array.from({ length: COUNT }, (_, i) => values[2 * i]!)
    const [low, high] = [-5, 5]
    return beside([
      figure([scatter({ values, shape: [COUNT, 2] })], plane(high)),
      figure(
        [
          histogram(first, {
            domain: [low, high],
            bins: 50,
            density: true,
            label: say(pictureWords.samples),
          }),
          curve(density(1), { x: [low, high], label: 'N(0, 1)' }),
          curve(density(variance), { x: [low, high], dash: [6, 4], label: `N(0, ${variance.toFixed(2)})` }),
        ],
        {
          x: { label: 'x₁', domain: [low, high] },
          y: { label: say(pictureWords.density), domain: [0, 0.6] },
          aspect: 1,
        },
      ),
    ])
  }
})

const density = (variance: number) => (x: number) =>
  Math.exp(-(x ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
