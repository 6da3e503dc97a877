import { type GenerateOptions, openPipeline } from '@sgm/pipeline'
import { key, scoped, tensor } from '@sgm/tensor'
import { figure, imageGrid } from '@sgm/viz'
import expected from '../../../../packages/pipeline/fixtures/expected.json'
import { pipeline as demo, pipelineChoices } from '../demos/pipeline'
import { program } from '../program'
import type { Fact } from '../spec'
import { beside } from './pictures'
import { tinyFiles } from './tiny'

const SIDE = 16
const shape = [1, SIDE, SIDE, 3]
const runs = Object.keys(pipelineChoices) as (keyof typeof pipelineChoices)[]

/** What all runs of diffusers were asked for. */
const asked = { prompt: 'a red cat, on the dog', negative: 'the dog', steps: 5, guidance: 5 }

export default program(demo, async function* ({ run }, { say }) {
  const name = runs.find((one) => one === run) ?? 'text'
  const pipeline = await openPipeline(tinyFiles(name.endsWith('Scheduler') ? name : undefined), {
    threads: 1,
  })
  const truth = expected.sd1[name]
  const theirs = figure([imageGrid({ values: truth.images, shape }, { range: [-1, 1] })], {
    title: 'diffusers',
  })
  const started = performance.now()
  try {
    const { latents, images } = await scoped(async (own) => {
      const noise = own(tensor(expected.noise['(1, 8, 8, 4)'], [1, 8, 8, 4]))
      const image = own(tensor(expected.picture, shape))
      const mask = own(tensor(expected.hole, [1, SIDE, SIDE, 1]))
      const begun: Partial<GenerateOptions> =
        name === 'image'
          ? { image, strength: 0.7 }
          : name === 'inpaint'
            ? { image, mask }
            : { height: SIDE, width: SIDE }
      const latents = own(await pipeline.latents({ ...asked, ...begun, noise, key: key(0) }))
      const images = own(await pipeline.decode(latents))
      return { latents: await latents.data(), images: await images.data() }
    })
    const milliseconds = performance.now() - started
    const ours = figure([imageGrid({ values: images, shape }, { range: [-1, 1] })], {
      title: say({ en: 'Drawn here', ko: '여기서 그린 것' }),
    })
    yield {
      picture: await beside([ours, theirs]),
      facts: [
        difference(
          'latents',
          { en: 'Largest difference of the latents', ko: '잠재 변수의 최대 차이' },
          latents,
          truth.latents,
        ),
        difference(
          'pixels',
          { en: 'Largest difference of the pixels', ko: '픽셀의 최대 차이' },
          images,
          truth.images,
        ),
        { name: 'milliseconds', label: { en: 'Milliseconds', ko: '밀리초' }, value: milliseconds, digits: 0 },
      ],
      progress: 1,
    }
  } finally {
    await pipeline.dispose()
  }
})

/** From what diffusers has. */
function difference(
  name: string,
  label: Fact['label'],
  found: ArrayLike<number>,
  truth: readonly number[],
): Fact {
  const value = truth.reduce((most, one, i) => Math.max(most, Math.abs(one - found[i]!)), 0)
  return { name, label, value, truth: 0, digits: 5 }
}
