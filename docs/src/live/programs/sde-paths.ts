import { sdePaths } from '../demos/sde-paths'
import { program } from '../program'
import { denoised, deviation, drawnAt, drawnPaths, evolution, noised, STEPS, type Walk } from './diffusion'
import { beside } from './pictures'
import { processOf } from './processes'

const labels = {
  sde: { en: 'Deviation at t, SDE', ko: '시각 t의 표준편차, SDE' },
  ode: { en: 'Deviation at t, ODE', ko: '시각 t의 표준편차, ODE' },
}

export default program(sdePaths, async function* ({ process: name, direction, time }, tools) {
  const process = processOf(name)
  const t = process.cutOffs.sample + time * (process.interval[1] - process.cutOffs.sample)
  const under = await evolution(process)
  const frame = async (walks: Readonly<Record<string, Walk>>, progress: number) => ({
    picture: await beside([drawnPaths(under, walks, t, tools), drawnAt(process, walks, t, tools)]),
    facts: Object.entries(walks).map(([label, walk]) => {
      const way = label === 'ODE' ? 'ode' : 'sde'
      return deviation(process, way, labels[way], walk, t)
    }),
    progress,
  })
  if (direction === 'forward') {
    const { times, states } = await noised(process)
    for (let i = 4; i <= STEPS; i += 4)
      yield await frame({ SDE: { times: times.slice(0, i + 1), states: states.slice(0, i + 1) } }, i / STEPS)
    return
  }
  const [sde, ode] = [denoised(process, 'sde', tools), denoised(process, 'ode', tools)]
  for (let i = 0; i <= STEPS; i++) {
    const [a, b] = [await sde.next(), await ode.next()]
    if (a.done || b.done || i % 4 > 0) continue
    yield await frame({ SDE: a.value, ODE: b.value }, i / STEPS)
  }
})
