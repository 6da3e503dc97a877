import { type Sampler, sample, uniPc } from '@sgm/samplers'
import { dispose, key, mul, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { afterAll, describe, expect, test } from 'vitest'
import expected from '../fixtures/expected.json' with { type: 'json' }
import { type GenerateOptions, openPipeline, type Pipeline, type PipelineFiles } from './index'
import { type Recorded, recordedNoise, tinyFiles, tinyFolder } from './testing/tiny'

const opened: Pipeline[] = []
async function open(files: PipelineFiles | string): Promise<Pipeline> {
  const pipeline = await openPipeline(files, { threads: 1 })
  opened.push(pipeline)
  return pipeline
}
afterAll(() => Promise.all(opened.map((pipeline) => pipeline.dispose())))

const prompts = { prompt: 'a red cat, on the dog', negative: 'the dog' }
const shared = { ...prompts, key: key(0), steps: 5, guidance: 5 }
const square = [1, 8, 8, 4]

async function expectNear(x: Tensor, wanted: readonly number[], tolerance = 1e-3): Promise<void> {
  const values = await x.data()
  expect(values.length).toBe(wanted.length)
  const size = Math.max(1, ...wanted.map(Math.abs))
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!)))
  expect(worst).toBeLessThan(tolerance * size)
}

/** Latents and pictures as diffusers has them. */
async function expectRecorded(
  pipeline: Pipeline,
  recorded: Recorded,
  options: GenerateOptions,
): Promise<void> {
  const latents = await expectNoLeaks(() => pipeline.latents(options))
  const images = await expectNoLeaks(() => pipeline.decode(latents))
  await expectNear(latents, recorded.latents)
  await expectNear(images, recorded.images)
  dispose([latents, images])
}

type Case = readonly [
  name: 'sd1' | 'sd2' | 'xl' | 'sd3' | 'flux',
  what: string,
  options: Partial<Omit<GenerateOptions, 'noise'>> & { readonly noise?: readonly number[] },
]
const cases: readonly Case[] = [
  ['sd1', 'text', {}],
  ['sd1', 'plain', { guidance: 1 }],
  ['sd1', 'empty', { negative: '' }],
  ['sd1', 'rescaled', { rescale: 0.7 }],
  ['sd1', 'wide', { width: 24, noise: [1, 8, 12, 4] }],
  ['sd1', 'two', { prompt: ['a red cat', 'the dog'], negative: ['', 'red'], noise: [2, 8, 8, 4] }],
  ['sd1', 'DPMSolverMultistepScheduler', {}],
  ['sd1', 'EulerDiscreteScheduler', {}],
  ['sd1', 'UniPCMultistepScheduler', {}],
  ['sd2', 'text', {}],
  ['xl', 'text', {}],
  ['xl', 'empty', { negative: [] }],
  ['sd3', 'text', {}],
  ['sd3', 'no t5', {}],
  ['flux', 'text', { guidance: 1, tokens: 32 }],
  ['flux', 'negative', { guidance: 3, tokens: 32 }],
]

describe('a pipeline makes of noise what diffusers makes of it', () => {
  test.each(cases)('%s, %s', async (name, what, { noise: shape = square, negative, ...options }) => {
    const files: Record<string, PipelineFiles[string]> = { ...tinyFiles(name) }
    if (what.endsWith('Scheduler')) files['scheduler/scheduler_config.json'] = schedulerFile(what)
    if (what === 'no t5') delete files['text_encoder_3/model.onnx']
    const recorded = (expected[name] as unknown as Record<string, Recorded>)[what]!
    const noise = recordedNoise(shape)
    const { negative: usual, ...rest } = shared
    const away = Array.isArray(negative) && negative.length === 0 ? {} : { negative: negative ?? usual }
    await expectRecorded(await open(files), recorded, {
      height: 16,
      width: 16,
      ...rest,
      ...away,
      ...options,
      noise,
    })
    noise.dispose()
  })
})

const schedulerFile = (name: string, more: object = {}): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      _class_name: name,
      beta_start: 0.00085,
      beta_end: 0.012,
      beta_schedule: 'scaled_linear',
      ...more,
    }),
  )

test('a folder that optimum wrote is read, and makes what diffusers makes', async () => {
  const noise = recordedNoise(square)
  const options = { height: 16, width: 16, ...shared, noise }
  await expectRecorded(await open(tinyFolder('optimum')), expected.sd1.text, options)
  noise.dispose()
})

test('UniPC is nearer to many steps of Euler than Euler itself, in half of its evaluations', async () => {
  const scheduler = schedulerFile('EulerDiscreteScheduler', { use_karras_sigmas: true })
  const pipeline = await open({ ...tinyFiles('sd1'), 'scheduler/scheduler_config.json': scheduler })
  const noise = recordedNoise(square)
  const drawn = async (steps: number, sampler?: Sampler): Promise<ArrayLike<number>> => {
    const run = { ...shared, height: 16, width: 16, noise, steps }
    const latents = await pipeline.latents({ ...run, ...(sampler && { sampler }) })
    const values = await latents.data()
    latents.dispose()
    return values
  }
  const wanted = Array.from(await drawn(200))
  const errorOf = (values: ArrayLike<number>): number =>
    Math.hypot(...wanted.map((one, i) => one - values[i]!))
  for (const steps of [5, 10]) {
    expect(errorOf(await drawn(steps, uniPc()))).toBeLessThan(errorOf(await drawn(2 * steps)))
  }
  noise.dispose()
})

describe('a picture to begin with', () => {
  const picture = tensor(expected.picture, [1, 16, 16, 3])
  const hole = tensor(expected.hole, [1, 16, 16, 1])
  const noise = recordedNoise(square)
  const begun = { ...shared, noise, image: picture }

  test.each<readonly ['sd1' | 'sd1-inpaint' | 'sd3', string, Partial<GenerateOptions>]>([
    ['sd1', 'image', { strength: 0.7 }],
    ['sd3', 'image', { strength: 0.7 }],
    ['sd1', 'inpaint', { mask: hole }],
    ['sd1', 'inpaint from image', { mask: hole, strength: 0.8 }],
    ['sd1-inpaint', 'inpaint of nine channels', { mask: hole }],
  ])('%s, %s, is changed as diffusers changes it', async (name, what, options) => {
    const family = expected[name === 'sd3' ? 'sd3' : 'sd1'] as unknown as Record<string, Recorded>
    await expectRecorded(await open(tinyFiles(name)), family[what]!, { ...begun, ...options })
  })

  test('is kept where it is not hidden, by any sampler', async () => {
    const pipeline = await open(tinyFiles('sd1'))
    const options = { ...begun, mask: hole, sampler: uniPc() }
    const [drawn, own] = [await pipeline.latents(options), await pipeline.encode(picture)]
    const [got, kept] = [await drawn.data(), await own.data()]
    const hidden = (i: number): boolean => {
      const [row, column] = [Math.floor(i / 32), Math.floor(i / 4) % 8]
      return row >= 2 && row < 6 && column >= 3 && column < 7
    }
    for (const [i, value] of kept.entries()) {
      if (hidden(i)) expect(got[i]).not.toBeCloseTo(value, 3)
      else expect(got[i]).toBeCloseTo(value, 4)
    }
    dispose([drawn, own])
  })

  test('has draws of its latents by keys, around their mean', async () => {
    const pipeline = await open(tinyFiles('sd1'))
    const [mean, one, same, other] = await Promise.all(
      [undefined, key(1), key(1), key(2)].map((each) => pipeline.encode(picture, each)),
    )
    expect(await one!.data()).toEqual(await same!.data())
    expect(await one!.data()).not.toEqual(await other!.data())
    expect(await one!.data()).not.toEqual(await mean!.data())
    dispose([mean!, one!, same!, other!])
  })
})

test('the same key gives the same pictures, another others, and a folder is read as its files are', async () => {
  const pipeline = await open(tinyFolder('sd1'))
  const seen: number[] = []
  const options = { ...prompts, count: 2, height: 16, width: 16, steps: 2 }
  const one = await pipeline.generate({
    ...options,
    key: key(1),
    onProgress: ({ index, steps }) => seen.push(index, steps),
  })
  const same = await pipeline.generate({ ...options, key: key(1) })
  const other = await pipeline.generate({ ...options, key: key(2) })
  expect(one.shape).toEqual([2, 16, 16, 3])
  expect(seen).toEqual([1, 2, 2, 2])
  expect(await one.data()).toEqual(await same.data())
  expect(await one.data()).not.toEqual(await other.data())
  dispose([one, same, other])
})

test('a problem serves every method here', async () => {
  const pipeline = await open(tinyFiles('sd1'))
  const problem = await pipeline.problem({ ...prompts, guidance: 5, height: 16, width: 16 })
  const { process, schedule, shape } = problem
  expect(shape).toEqual(square)
  const noise = recordedNoise(square)
  const x = mul(noise, process.prior.sigma)
  const drawn = await sample(problem, schedule.sampler(), { key: key(0), x, steps: 5 })
  await expectNear(drawn, expected.sd1.text.latents)
  dispose([noise, x, drawn])
  problem.dispose()
})

test('a run stops when it is told to, with nothing left behind', async () => {
  const pipeline = await open(tinyFiles('sd1'))
  const controller = new AbortController()
  const reason = new Error('enough')
  await expectNoLeaks(async () => {
    const run = pipeline.generate({
      ...shared,
      signal: controller.signal,
      onProgress: ({ index }) => index === 2 && controller.abort(reason),
    })
    await expect(run).rejects.toBe(reason)
  })
})
