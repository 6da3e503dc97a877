import { openPipeline } from '@sgm/pipeline'
import { dispose, key, type Tensor, tensor } from '@sgm/tensor'
import { expect, inject, test } from 'vitest'

/** What diffusers made of a text. */
interface Run {
  readonly text: { readonly latents: readonly number[]; readonly images: readonly number[] }
}

/** Its runs, and the noise that they began with. */
interface Recorded {
  readonly sd1: Run
  readonly sd3: Run
  readonly noise: { readonly '(1, 8, 8, 4)': readonly number[] }
}

const asked = { prompt: 'a red cat, on the dog', negative: 'the dog', steps: 5, guidance: 5 }

/** To 1e-3 of the largest entry. */
async function expectNear(x: Tensor, wanted: readonly number[]): Promise<void> {
  const values = await x.data()
  expect(values.length).toBe(wanted.length)
  const largest = Math.max(1, ...wanted.map(Math.abs))
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!)))
  expect(worst / largest).toBeLessThan(1e-3)
}

// A U-Net with a tokenizer of CLIP, and a transformer that flows, with T5 beside two of CLIP. ONNX Runtime computes all but the steps, which have tests on
// every engine: one kind of page will do.
test.runIf(inject('backend') === 'wasm' && !inject('isolated')).each(['sd1', 'sd3'] as const)(
  'a pipeline of URLs makes in a page what diffusers makes: %s',
  async (name) => {
    const { recorded, ...pipelines } = inject('pipelines')
    const made: Recorded = await (await fetch(recorded)).json()
    const pipeline = await openPipeline(pipelines[name], { threads: 1, wasmPaths: inject('ort') })
    const start = tensor(made.noise['(1, 8, 8, 4)'], [1, 8, 8, 4])
    const latents = await pipeline.latents({ ...asked, height: 16, width: 16, noise: start, key: key(0) })
    const images = await pipeline.decode(latents)
    await expectNear(latents, made[name].text.latents)
    await expectNear(images, made[name].text.images)
    dispose([start, latents, images])
    await pipeline.dispose()
  },
)
