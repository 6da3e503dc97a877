import { key, zeros } from '@sgm/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GenerateOptions, openPipeline, type Pipeline, type PipelineFile } from './index'
import { tinyFiles, tinyFolder } from './testing/tiny'

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test.each<readonly [string, Readonly<Record<string, PipelineFile | undefined>>, string]>([
  ['no index', { 'model_index.json': undefined }, 'openPipeline: expected model_index.json, got none'],
  [
    'no scheduler',
    { 'scheduler/scheduler_config.json': undefined },
    'expected scheduler/scheduler_config.json, got none',
  ],
  ['no configuration', { 'unet/config.json': undefined }, 'expected unet/config.json, got none'],
  [
    'an unknown class',
    { 'model_index.json': json({ _class_name: 'WuerstchenPipeline' }) },
    'expected _class_name of model_index.json to be one of StableDiffusionPipeline, StableDiffusionXLPipeline, StableDiffusion3Pipeline, FluxPipeline, got WuerstchenPipeline',
  ],
  [
    'no JSON',
    { 'model_index.json': new TextEncoder().encode('{') },
    'expected JSON in model_index.json, got what is none',
  ],
  [
    'a scheduler of a name that objects have',
    { 'scheduler/scheduler_config.json': json({ _class_name: 'constructor' }) },
    'fromScheduler: expected _class_name to be one of',
  ],
  [
    'a key that objects have',
    { 'scheduler/scheduler_config.json': json({ _class_name: 'DDIMScheduler', toString: 1 }) },
    "fromScheduler: expected the keys of diffusers' schedulers, got toString",
  ],
  [
    'more noise levels than a table holds',
    { 'scheduler/scheduler_config.json': json({ _class_name: 'DDIMScheduler', num_train_timesteps: 1e9 }) },
    'fromScheduler: expected num_train_timesteps to be an integer <= 1048576',
  ],
  [
    'a size that is none',
    { 'unet/config.json': json({ in_channels: 4, out_channels: 4, sample_size: 'x' }) },
    "openPipeline: expected sample_size to be an integer >= 1, got 'x'",
  ],
  ['a list', { 'model_index.json': json([]) }, 'expected members in model_index.json'],
  [
    'a scheduler that is not read',
    { 'scheduler/scheduler_config.json': json({ _class_name: 'LCMScheduler' }) },
    'fromScheduler: expected _class_name to be one of',
  ],
  [
    'odd channels',
    { 'unet/config.json': json({ in_channels: 7, out_channels: 4 }) },
    'a network of 4 or 9 channels, got 7',
  ],
])('opening says what is wrong with %s', async (_, changed, message) => {
  const entries = Object.entries({ ...tinyFiles('sd1'), ...changed }).filter(([, file]) => file !== undefined)
  const files = Object.fromEntries(entries) as Record<string, PipelineFile>
  await expect(openPipeline(files)).rejects.toThrow(message)
})

test('a folder that is none is named', async () => {
  await expect(openPipeline('/nowhere/at/all')).rejects.toThrow(
    'openPipeline: expected a folder, got /nowhere/at/all',
  )
  await expect(openPipeline('https://example.org/model')).rejects.toThrow(
    'files by their paths, with a URL each',
  )
  await expect(openPipeline(3 as never)).rejects.toThrow(TypeError)
})

test.each<readonly [string, unknown]>([
  ['nothing', {}],
  ['no vocabulary', { model: { type: 'BPE' } }],
  ['an unknown model', { model: { type: 'constructor', vocab: {} } }],
])('a tokenizer of %s is refused in words of its own', async (_, tokenizer) => {
  const pipeline = await openPipeline({ ...tinyFiles('sd1'), 'tokenizer/tokenizer.json': json(tokenizer) })
  await expect(pipeline.generate({ prompt: 'x', key: key(0) })).rejects.toThrow(
    /^openPipeline: expected a (tokenizer|pad_token)/,
  )
  await pipeline.dispose()
})

test('a part is missed when it is needed, and not before', async () => {
  const files = Object.fromEntries(
    Object.entries(tinyFiles('sd1')).filter(([path]) => path !== 'text_encoder/model.onnx'),
  )
  const pipeline = await openPipeline(files)
  await expect(pipeline.generate({ prompt: 'x', key: key(0) })).rejects.toThrow(
    'openPipeline: expected text_encoder/model.onnx, got none',
  )
  await pipeline.dispose()
})

describe('a run', () => {
  let pipeline: Pipeline
  beforeAll(async () => {
    pipeline = await openPipeline(tinyFolder('sd1'))
  })
  afterAll(() => pipeline.dispose())

  test.each<readonly [Partial<GenerateOptions>, string]>([
    [{ prompt: [] }, 'pipeline: expected a text as prompt, got none'],
    [{ prompt: 3 as never }, 'pipeline: expected prompt to be a string, got 3'],
    [{ prompt: ['a', 'b'], count: 2 }, 'pipeline: expected count with one prompt, got 2 prompts'],
    [{ prompt: ['a', 'b', 'c'], negative: ['d', 'e'] }, 'pipeline: expected one negative text, or 3, got 2'],
    [{ height: 15 }, 'pipeline: expected height to be a multiple of 2, got 15'],
    [{ guidance: Number.NaN }, 'pipeline: expected guidance to be finite, got NaN'],
    [{ rescale: 2 }, 'pipeline: expected rescale'],
    [{ steps: 0 }, 'pipeline: expected steps to be an integer >= 1, got 0'],
    [{ strength: 0.5 }, 'pipeline: expected an image with a strength, got none'],
    [{ strength: 2, image: zeros([1, 16, 16, 3]) }, 'pipeline: expected strength in (0, 1], got 2'],
    [
      { strength: 0.1, image: zeros([1, 16, 16, 3]), steps: 4 },
      'pipeline: expected strength and steps of a step at least',
    ],
    [{ image: zeros([1, 16, 16, 1]) }, 'pipeline: expected image'],
    [{ mask: zeros([1, 16, 16, 1]) }, 'pipeline: expected an image with a mask, got none'],
    [{ noise: zeros([1, 4, 4, 4]) }, 'pipeline: expected noise'],
  ])('with %j is refused', async (options, message) => {
    const run = pipeline.latents({ prompt: 'a', height: 16, width: 16, key: key(0), ...options })
    await expect(run).rejects.toThrow(message)
  })
})
