import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPipeline } from '@sgm/pipeline'
import { dpmSolverPlusPlus } from '@sgm/samplers'
import { key } from '@sgm/tensor'
import { decode } from 'fast-png'
import { expect, it } from 'vitest'
import { main } from '../main'
import { temporaryFolder } from '../testing'
import { runSample } from './sample'

const tiny = fileURLToPath(new URL('../../../pipeline/fixtures/tiny-sd1', import.meta.url))
const folder = await temporaryFolder()
const prompts = { prompt: 'a red cat', negative: 'the dog', guidance: 5 }
const run = { run: tiny, ...prompts, threads: 1 }

it('draws a picture of a prompt, as the library does', async () => {
  const out = join(folder, 'x.png')
  const args = [
    'sample',
    tiny,
    '--prompt',
    'a red cat',
    '--negative',
    'the dog',
    '--sampler',
    'dpm++',
    '--steps',
    '4',
  ]
  expect(await main([...args, '--guidance', '5', '--seed', '3', '--threads', '1', '--out', out])).toBe(0)
  const pipeline = await openPipeline(tiny, { threads: 1 })
  const x = await pipeline.generate({ ...prompts, sampler: dpmSolverPlusPlus(), steps: 4, key: key(3) })
  const { width, height, channels, data } = decode(await readFile(out))
  expect([1, height, width, channels]).toEqual(x.shape)
  expect([...data]).toEqual(Array.from(await x.data(), (value) => Math.round(127.5 * (value + 1))))
  x.dispose()
  await pipeline.dispose()
})

it('begins with an image, and paints a part of it anew', async () => {
  const [first, out] = [join(folder, 'first.png'), join(folder, 'changed.png')]
  await runSample({ ...run, steps: 2, out: first })
  const drawn = await runSample({
    ...run,
    n: 2,
    steps: 2,
    image: first,
    mask: 'left',
    out,
    npy: `${out}.npy`,
  })
  expect(drawn).toMatchObject({ n: 2, evaluations: 2, files: [out, `${out}.npy`] })
})

it.each([
  [{ prompt: undefined }, 'sgm: expected --prompt for the pipeline in'],
  [{ gif: 'x.gif' }, 'sgm: expected no --gif with the pipeline in'],
  [{ mask: 'left' }, 'sgm: expected --image with --mask, got none'],
  [{ image: 'nowhere.png' }, 'sgm: expected --image FILE that exists, got nowhere.png'],
  [{ sampler: 'dpm++', numbers: { snr: 1 } }, 'snr'],
  [{ run: folder }, 'sgm: expected a pipeline with model_index.json for --prompt in'],
])('refuses %j', async (options, message) => {
  await expect(runSample({ ...run, ...options } as typeof run)).rejects.toThrow(message)
})
