import { type GenerateOptions, openPipeline, type Pipeline } from '@sgm/pipeline'
import { key, scoped, tensor } from '@sgm/tensor'
import { figure, imageGrid } from '@sgm/viz'
import { pipeline as demo, pipelineChoices } from '../demos/pipeline'
import { program } from '../program'
import type { Fact } from '../spec'
import { beside } from './pictures'
import { type Recorded, type RunName, recordedRuns, tinyFiles } from './tiny'

const SIDE = 16
const shape = [1, SIDE, SIDE, 3]
const runs = Object.keys(pipelineChoices) as RunName[]

/** What all runs of diffusers were asked for. */
const asked = { prompt: 'a red cat, on the dog', negative: 'the dog', steps: 5, guidance: 5 }

export default program(demo, async function* ({ run }, { say }) {
  const name = runs.find((one) => one === run) ?? 'text'
  const recorded = await recordedRuns()
  const truth = recorded.sd1[name]
  const pipeline = await openPipeline(tinyFiles(name), { threads: 1 })
  const started = performance.now()
  try {
    const { latents, images } = await drawn(pipeline, name, recorded)
    const milliseconds = performance.now() - started
    yield {
      picture: await beside([
        picture(images, say({ en: 'Drawn here', ko: '여기서 그린 것' })),
        picture(truth.images, 'diffusers'),
      ]),
      facts: [
        difference('latents', latentsLabel, latents, truth.latents),
        difference('pixels', pixelsLabel, images, truth.images),
        { name: 'milliseconds', label: { en: 'Milliseconds', ko: '밀리초' }, value: milliseconds, digits: 0 },
      ],
      progress: 1,
    }
  } finally {
    await pipeline.dispose()
  }
})

const latentsLabel = { en: 'Largest difference of the latents', ko: '잠재 변수의 최대 차이' }
const pixelsLabel = { en: 'Largest difference of the pixels', ko: '픽셀의 최대 차이' }

/** From the noise, and the picture, that diffusers had. */
function drawn(pipeline: Pipeline, name: RunName, { noise, picture, hole }: Recorded) {
  return scoped(async (own) => {
    const image = own(tensor(picture, shape))
    const mask = own(tensor(hole, [1, SIDE, SIDE, 1]))
    const begun: Readonly<Partial<Record<RunName, Partial<GenerateOptions>>>> = {
      image: { image, strength: 0.7 },
      inpaint: { image, mask },
    }
    const latents = own(
      await pipeline.latents({
        ...asked,
        ...(begun[name] ?? { height: SIDE, width: SIDE }),
        noise: own(tensor(noise['(1, 8, 8, 4)'], [1, 8, 8, 4])),
        key: key(0),
      }),
    )
    const images = own(await pipeline.decode(latents))
    return { latents: await latents.data(), images: await images.data() }
  })
}

function picture(values: ArrayLike<number>, title: string) {
  return figure([imageGrid({ values, shape }, { range: [-1, 1] })], { title })
}

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
