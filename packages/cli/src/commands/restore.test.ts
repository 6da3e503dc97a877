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
  ['inpaint:left', 'replacement', 'the mean of what is known'],
  ['motion:3,45', 'projection', 'least squares'],
  ['cs:1.5', 'pigdm', 'least squares'],
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

it('leaves known pixels as they are by replacement, and the grey of known greys', async () => {
  const colour = join(folder, 'colour')
  await trainTiny(colour, { data: 'glyphs:8:colour' })
  const common = { method: 'replacement', n: 1, images: 2, noise: 0, steps: 3, threads: 1 } as const
  const painted = join(folder, 'painted.png')
  await runRestore({ ...common, run, task: 'inpaint:left', out: painted })
  const { data, width } = decode(await readFile(painted))
  // Pictures of 12 pixels are enlarged four times, with four between them: here the known half of the images and of the samples.
  const grey = (column: number, y: number, x: number) => data[(4 + 4 * y) * width + 4 + column * 52 + 4 * x]!
  for (let i = 0; i < 72; i++) {
    const [y, x] = [Math.floor(i / 6), 6 + (i % 6)]
    expect(Math.abs(grey(3, y, x) - grey(0, y, x))).toBeLessThan(3)
  }
  const coloured = join(folder, 'coloured.png')
  const { quality } = await runRestore({ ...common, run: colour, task: 'colorize', out: coloured })
  expect(Object.keys(quality)[0]).toBe('grey')
  expect(quality['a sample']!.psnr).toBeGreaterThan(0)
})

it.each([
  [{ task: 'sonar' }, /--task to be ct\[:VIEWS\].*, got sonar/],
  [{ task: 'ct:0' }, /expected VIEWS to be an integer >= 1 with --task ct:0, got 0/],
  [{ task: 'superres:5' }, /expected a factor of 12×12.*, got 5/],
  [
    { task: 'inpaint:none' },
    /--task inpaint:left\|right\|top\|bottom\|center or a PNG that exists, got none/,
  ],
  [{ task: 'motion:0' }, /expected LENGTH > 0 with --task motion:0, got 0/],
  [{ task: 'motion:3,up' }, /expected ANGLE to be finite with --task motion:3,up, got NaN/],
  [{ task: 'cs:0.5' }, /expected FACTOR >= 1 with --task cs:0.5, got 0.5/],
  [
    { task: 'ct', method: 'replacement' as const },
    /--task inpaint or colorize with --method replacement, got ct/,
  ],
  [{ task: 'colorize' }, /a run on images of 3 channels.*, got 1/],
  [{ task: 'ct', noise: 2 }, /--noise/],
])('says what is wrong with %j', async (options, message) => {
  await expect(runRestore({ run, threads: 1, ...options })).rejects.toThrow(message)
})
