import { modeWeights } from '@sgm/metrics'
import { annealedLangevin, chain, langevin, type Point, trajectory } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { ve } from '@sgm/sde'
import { add, exp, key, mul, normal, tensor, tidy, uniform } from '@sgm/tensor'
import { bars, contours, figure, grid, scatter } from '@sgm/viz'
import { lostWeights } from '../demos/lost-weights'
import { program } from '../program'
import { beside, plane } from './pictures'

const CHAINS = 1280
const STEPS = 200
const LEVELS = 24
const EXTENT = 8
const map = grid({ x: [-EXTENT, EXTENT], size: 65 })

export default program(lostWeights, async function* ({ dynamics, from, start }, { say, compile }) {
  const target = gaussianMixture({
    weights: [0.2, 0.8],
    means: [
      [-5, -5],
      [5, 5],
    ],
  })
  const [x, modes, density] = tidy(() => [
    from === 'here'
      ? add(mul(normal(key(0), [CHAINS, 2]), 0.5), tensor([...start[0]!]))
      : uniform(key(0), [CHAINS, 2], { low: -EXTENT, high: EXTENT }),
    tensor(target.means),
    exp(target.logDensity(tensor(map.points, map.shape))),
  ])
  const under = await contours(map, density!)
  const plain = dynamics === 'plain'
  const steps = plain ? STEPS : LEVELS
  try {
    for await (const point of plain ? chains() : annealed()) {
      const found = await modeWeights(point.x, modes!)
      const values = await point.x.data()
      yield {
        picture: await beside([
          figure(
            [under, scatter({ values, shape: [CHAINS, 2] }, { color: 1, opacity: 0.5, radius: 1.6 })],
            plane(EXTENT),
          ),
          figure(
            [
              bars(
                { [say({ en: 'chains', ko: '연쇄' })]: found, [say({ en: 'true', ko: '참값' })]: [0.2, 0.8] },
                { categories: ['(−5, −5)', '(5, 5)'] },
              ),
            ],
            { y: { domain: [0, 1] }, aspect: 1 },
          ),
        ]),
        facts: [
          {
            name: 'weight',
            label: { en: 'Share of chains at (5, 5)', ko: '(5, 5)에 있는 연쇄의 비율' },
            value: found[1]!,
            truth: 0.8,
          },
        ],
        progress: point.index / steps,
      }
    }
  } finally {
    for (const one of [x, modes, density]) one!.dispose()
  }

  function chains(): AsyncIterable<Point> {
    return chain(target, langevin({ stepSize: 0.05 }), { key: key(1), x: x!, steps, ...compile })
  }
  function annealed(): AsyncIterable<Point> {
    const process = ve({ sigmaMin: 0.1, sigmaMax: 20 })
    const { score } = target.diffused(process)
    return trajectory({ process, score }, annealedLangevin({ stepsPerLevel: 20 }), {
      key: key(1),
      x: x!,
      steps,
      end: 0,
      ...compile,
    })
  }
})
