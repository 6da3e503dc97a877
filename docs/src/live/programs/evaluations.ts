import { gaussianFrechetDistance, moments } from '@sgm/metrics'
import { vp } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { figure, line, rule } from '@sgm/viz'
import { evaluations } from '../demos/evaluations'
import { program } from '../program'
import { samplerOf } from './samplers'
import { evaluationsFact, sampled, toy, toyFacts } from './toy'

const COUNTS = [5, 7, 10, 14, 20, 40, 80, 160]
const exact = { mean: toy.mean, covariance: toy.covariance }

const { choices } = evaluations.options.sampler

interface Curve {
  readonly x: number[]
  readonly y: number[]
}

/** Curves of the samplers that were chosen before, by the number of samples. */
const drawn = new Map<number, Map<string, Curve>>()

export default program(evaluations, async function* ({ sampler: name, count }, { say, compile }) {
  const { sampler } = samplerOf(name)
  const process = vp()
  const { score } = toy.diffused(process)
  const curves = drawn.get(count) ?? new Map<string, Curve>()
  drawn.set(count, curves)
  const curve: Curve = { x: [], y: [] }
  curves.set(name, curve)
  const chance = await distance(await points(toy.sample(key(9), count)))
  for (const [i, wanted] of COUNTS.entries()) {
    const steps = Math.max(1, Math.round(wanted / (sampler.evaluationsPerStep ?? 1)))
    const run = { process, score, sampler, key: key(0), count, steps, compile }
    for await (const moment of sampled(run)) {
      if (moment.progress < 1) continue
      curve.x.push(moment.evaluations)
      curve.y.push(await distance(moment.points))
      const lines = [...curves].map(([label, { x, y }]) => line(x, y, { label: say(choices[label]!) }))
      yield {
        picture: await figure([...lines, rule({ y: chance })], {
          x: {
            label: say({ en: 'score evaluations', ko: '스코어 평가 횟수' }),
            scale: 'log',
            domain: [4, 200],
            ticks: COUNTS,
          },
          y: { label: say({ en: 'Fréchet distance', ko: '프레셰 거리' }), scale: 'log' },
          aspect: 0.55,
        }),
        facts: [...toyFacts(moment.points), evaluationsFact(moment.evaluations)],
        progress: (i + 1) / COUNTS.length,
      }
    }
  }
})

/** From the true mean and covariance. */
async function distance(values: Float32Array): Promise<number> {
  const x = tensor(values, [values.length / 2, 2])
  try {
    return gaussianFrechetDistance(await moments(x), exact)
  } finally {
    x.dispose()
  }
}

async function points(x: ReturnType<typeof toy.sample>): Promise<Float32Array> {
  try {
    return Float32Array.from(await x.data())
  } finally {
    x.dispose()
  }
}
