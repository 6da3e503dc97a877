import { process as demo } from '../demos/process'
import { program } from '../program'
import { deviation, drawnAt, drawnPaths, evolution, noised, STEPS } from './diffusion'
import { beside } from './pictures'
import { processOf } from './processes'

export default program(demo, async function* ({ of, time }, tools) {
  const process = processOf(of)
  const t = process.cutOffs.sample + time * (process.interval[1] - process.cutOffs.sample)
  const [under, { times, states }] = await Promise.all([evolution(process), noised(process)])
  for (let i = 4; i <= STEPS; i += 4) {
    const walk = { times: times.slice(0, i + 1), states: states.slice(0, i + 1) }
    yield {
      picture: await beside([
        drawnPaths(under, { SDE: walk }, t, tools),
        drawnAt(process, { SDE: walk }, t, tools),
      ]),
      facts: [deviation(process, 'sde', { en: 'Deviation at t', ko: '시각 t의 표준편차' }, walk, t)],
      progress: i / STEPS,
    }
  }
})
