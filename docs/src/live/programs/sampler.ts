import { chain, hmc, langevin, mala, type Sampler, underdampedLangevin } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import type { Process } from '@sgm/sde'
import { key, normal } from '@sgm/tensor'
import { type chainChoices, sampler as demo } from '../demos/sampler'
import { program, type Tools } from '../program'
import type { Fact } from '../spec'
import { samplerOf } from './samplers'
import { cloud, evaluationsFact, momentsOf, sampled, toy, toyFacts, under } from './toy'

const COUNT = 2000

const chains: Readonly<Record<keyof typeof chainChoices, Sampler<Process | undefined>>> = {
  hmc: hmc({ stepSize: 0.2, leapfrogSteps: 5 }),
  langevin: langevin({ stepSize: 0.01 }),
  mala: mala({ stepSize: 0.1 }),
  'underdamped-langevin': underdampedLangevin({ stepSize: 0.1 }),
}

export default program(demo, async function* ({ of }, { compile }) {
  const moves = Object.entries(chains).find(([name]) => name === of)?.[1]
  yield* moves ? chained(moves, compile) : diffused(of, compile)
})

async function* diffused(name: string, compile: Tools['compile']) {
  const { sampler, process, steps } = samplerOf(name)
  const { score } = toy.diffused(process)
  const below = await under(toy)
  const run = { process, score, sampler, key: key(0), count: COUNT, steps, compile }
  for await (const moment of sampled(run)) {
    yield {
      picture: await cloud(below, moment.points, { title: `t = ${moment.t.toFixed(3)}` }),
      facts: [...toyFacts(moment.points), evaluationsFact(moment.evaluations)],
      progress: moment.progress,
    }
  }
}

/** Chains know no noise levels: one mode, which they do not have to leave. */
async function* chained(moves: Sampler<Process | undefined>, compile: Tools['compile']) {
  const target = gaussian({
    mean: [0.3, 0.2],
    covariance: [
      [0.4, 0.24],
      [0.24, 0.3],
    ],
  })
  const below = await under(target)
  const x = normal(key(0), [COUNT, 2])
  const steps = 100
  try {
    for await (const point of chain(target, moves, { key: key(1), x, steps, ...compile })) {
      const points = Float32Array.from(await point.x.data())
      const facts: Fact[] = [
        {
          name: 'variance',
          label: { en: 'Variance of x₁', ko: 'x₁의 분산' },
          value: momentsOf(points)[1],
          truth: target.covariance[0]![0]!,
        },
        evaluationsFact(point.evaluations),
      ]
      const { acceptance } = point.stats
      if (acceptance !== undefined)
        facts.push({ name: 'acceptance', label: { en: 'Accepted', ko: '수락한 비율' }, value: acceptance })
      yield { picture: await cloud(below, points), facts, progress: point.index / steps }
    }
  } finally {
    x.dispose()
  }
}
