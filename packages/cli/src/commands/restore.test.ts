import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { beforeAll, expect, it } from 'vitest'
import { temporaryFolder, trainTiny } from '../testing'
import { runRestore } from './restore'

const folder = await temporaryFolder()
const run = join(folder, 'run')
beforeAll(() => trainTiny(run, { data: 'phantoms:12' }))

it.each([
  ['ct:5', 'pigdm', 'filtered back-projection'],
  ['mri:2', 'dps', 'zero-filled transform'],
  ['superres:2', 'projection', 'bicubic'],
  ['deblur', 'pigdm', 'least squares'],
  ['inpaint:left', 'projection', 'the mean of what is known'],
] as const)('restores from %s by %s, beside %s', async (task, method, classical) => {
  const out = join(folder, `${method}-${task.replace(':', '-')}.png`)
  const found = await runRestore({ run, task, method, n: 2, images: 3, steps: 3, threads: 1, out })
  expect(Object.keys(found.quality)).toEqual([classical, 'a sample', 'mean of the samples'])
  for (const { psnr, ssim } of Object.values(found.quality)) {
    expect(psnr).toBeGreaterThan(-20)
    expect(ssim).toBeLessThanOrEqual(1)
  }
  // The best of all of these: they see most of the image.
  if (classical !== 'the mean of what is known') expect(found.quality[classical]!.psnr).toBeGreaterThan(10)
  expect(found.coverage!.expected).toBeCloseTo(1 / 3)
  const png = decode(await readFile(out))
  expect(png.width / png.height).toBeGreaterThan(2)
})

it.each([
  [{ task: 'sonar' }, /--task to be ct\[:VIEWS\].*, got sonar/],
  [{ task: 'ct:0' }, /expected VIEWS to be an integer >= 1 with --task ct:0, got 0/],
  [{ task: 'superres:5' }, /expected a factor of 12×12.*, got 5/],
  [
    { task: 'inpaint:none' },
    /--task inpaint:left\|right\|top\|bottom\|center or a PNG that exists, got none/,
  ],
  [{ task: 'colorize' }, /a run on images of 3 channels.*, got 1/],
  [{ task: 'ct', noise: 2 }, /--noise/],
])('says what is wrong with %j', async (options, message) => {
  await expect(runRestore({ run, threads: 1, ...options })).rejects.toThrow(message)
})
