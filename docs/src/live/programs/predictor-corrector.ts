import { langevin, predictorCorrector, reverseDiffusion } from '@sgm/samplers'
import { ve } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { predictorCorrector as demo } from '../demos/predictor-corrector'
import { program } from '../program'
import { cloud, evaluationsFact, sampled, toy, toyFacts, under } from './toy'

export default program(demo, async function* ({ steps, correctorSteps, snr }, { compile }) {
  const process = ve({ sigmaMax: 4 })
  const { score } = toy.diffused(process)
  const sampler = predictorCorrector(reverseDiffusion(), langevin({ snr }), { correctorSteps })
  const below = await under(toy)
  for await (const { points, progress, evaluations } of sampled({
    process,
    score,
    sampler,
    key: key(0),
    count: 3000,
    steps,
    compile,
  }))
    yield {
      picture: await cloud(below, points),
      facts: [...toyFacts(points), evaluationsFact(evaluations)],
      progress,
    }
})
