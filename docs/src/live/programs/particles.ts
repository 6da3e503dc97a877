import { particleView } from '@sgm/backend-gpu/particles'
import { moments } from '@sgm/metrics'
import { eulerMaruyama, trajectory } from '@sgm/samplers'
import { vp } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { figure, scatter } from '@sgm/viz'
import { particles } from '../demos/particles'
import { program } from '../program'
import type { Fact } from '../spec'
import { plane } from './pictures'
import { EXTENT, toy } from './toy'

/** The most that WebAssembly is asked to move. */
const WITHOUT_GPU = 20_000
/** Of the picture, in pixels of the screen. */
const SIDE = 900

export default program(particles, async function* ({ count: thousands, steps }, { engine, canvas, compile }) {
  // Browsers do not show canvases of adapters in software.
  const gpu = engine.gpu?.software ? undefined : engine.gpu
  const count = gpu ? 1000 * thousands : Math.min(WITHOUT_GPU, 1000 * thousands)
  const process = vp()
  const { score } = toy.diffused(process)
  if (gpu) canvas.width = canvas.height = SIDE
  const view = gpu && particleView(gpu, canvas, { bounds: [-EXTENT, EXTENT, -EXTENT, EXTENT] })
  const options = { key: key(0), shape: [count, 2], steps, finite: false, ...compile }
  const started = performance.now()
  try {
    for await (const { x, index } of trajectory({ process, score }, eulerMaruyama(), options)) {
      const last = index === steps
      const rate = (index * count) / 1000 / (performance.now() - started)
      const facts: Fact[] = [
        { name: 'particles', label: { en: 'Particles', ko: '입자' }, value: count, digits: 0 },
        {
          name: 'rate',
          label: { en: 'Million steps of particles a second', ko: '초당 입자 이동 횟수 (백만)' },
          value: rate,
          digits: 2,
        },
      ]
      if (last) {
        const { covariance } = await moments(x)
        facts.push({
          name: 'variance',
          label: { en: 'Variance of x₁', ko: 'x₁의 분산' },
          value: covariance[0]![0]!,
          truth: toy.covariance[0]![0]!,
        })
      }
      if (view) await view.draw(x)
      yield {
        ...(!view && {
          picture: await figure([scatter({ values: await x.data(), shape: [count, 2] })], plane(EXTENT)),
        }),
        facts,
        progress: index / steps,
      }
    }
  } finally {
    view?.dispose()
  }
})
