import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fromOnnx } from '@sgm/backend-onnx'
import { readNpy } from '@sgm/data'
import { bind } from '@sgm/score'
import { choice, foldIn, key, tensor } from '@sgm/tensor'
import { decode } from 'fast-png'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadRun } from '../load-run'
import { withRun } from '../run'
import { temporaryFolder, tiny, trainTiny } from '../testing'
import { runClass } from './class'
import { runColorize } from './colorize'
import { runExport } from './export'
import { runInpaint } from './inpaint'
import { runInterpolate } from './interpolate'
import { runLikelihood } from './likelihood'
import { runSample } from './sample'
import { runTrain } from './train'

const folder = await temporaryFolder()
const grey = join(folder, 'grey')
const colour = join(folder, 'colour')
const speed = { threads: 1 }

beforeAll(async () => {
  await trainTiny(grey)
  await trainTiny(colour, { data: 'glyphs:8:colour' })
}, 120_000)

/** Images of 8×8 in a picture of rows and columns, each pixel of the first channel(s) once. */
async function images(path: string, columns: number): Promise<number[][]> {
  const png = decode(await readFile(path))
  const [zoom, gap, size] = [4, 4, 8]
  const rows = (png.height - gap) / (size * zoom + gap)
  return Array.from({ length: rows * columns }, (_, i) => {
    const top = gap + Math.floor(i / columns) * (size * zoom + gap)
    const left = gap + (i % columns) * (size * zoom + gap)
    return Array.from({ length: size * size }, (_, k) => {
      const [y, x] = [top + zoom * Math.floor(k / size), left + zoom * (k % size)]
      return Array.from({ length: png.channels }, (_, c) => png.data[(y * png.width + x) * png.channels + c]!)
    }).flat()
  })
}

const largest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))

it('samples into a picture, an array and a film', async () => {
  const npy = join(folder, 'x.npy')
  const gif = join(folder, 'x.gif')
  const drawn = await runSample({ run: grey, n: 5, sampler: 'em', steps: 4, npy, gif, ...speed })
  expect(drawn).toMatchObject({ n: 5, step: 6, evaluations: 4 })
  expect(drawn.files).toEqual([join(grey, 'samples.png'), npy, gif])
  const bytes = await readFile(npy)
  const values = new Float32Array(
    bytes
      .subarray(bytes.length - 4 * 320)
      .buffer.slice(bytes.byteOffset + bytes.length - 4 * 320, bytes.byteOffset + bytes.length),
  )
  const shown = await images(drawn.files[0]!, 3)
  const grid = shown.slice(0, 5).flat()
  const wanted = Array.from(values, (v) => Math.round(255 * Math.min(1, Math.max(0, v))))
  expect(grid).toEqual(wanted)
  expect(shown[5]!.every((value) => value === 96)).toBe(true)
})

it('judges data, more exactly with more of them', async () => {
  const few = await runLikelihood({ run: grey, n: 4, tolerance: 1e-3, ...speed })
  expect(few).toMatchObject({ unit: 'bits/dim', count: 4, step: 6 })
  expect(few.bound!.mean).toBeGreaterThan(few.mean - 4 * few.bound!.standardError!)
  expect(few.mean).toBeGreaterThan(2)
  expect(few.mean).toBeLessThan(12)
  const other = await runLikelihood({ run: grey, n: 4, tolerance: 1e-3, split: 'train', ...speed })
  expect(other.mean).not.toBe(few.mean)
  await expect(runLikelihood({ run: grey, data: 'two-moons' })).rejects.toThrow(
    'sgm: expected data of shape 8×8×1, got 2',
  )
})

it.each([
  ['left', (x: number) => x < 4],
  ['right', (x: number) => x >= 4],
])('paints in the %s half alone', async (mask, hidden) => {
  const { file } = await runInpaint({ run: grey, mask, n: 3, steps: 5, ...speed })
  const all = await images(file, 3)
  const known = (row: number) =>
    all.slice(3 * row, 3 * row + 3).flatMap((one) => one.filter((_, i) => !hidden(i % 8)))
  expect(largest(known(0), known(1))).toBe(0)
  expect(largest(known(0), known(2))).toBeLessThanOrEqual(2)
  const painted = all.slice(6).flatMap((one) => one.filter((_, i) => hidden(i % 8)))
  expect(new Set(painted).size).toBeGreaterThan(10)
})

it('paints in where a PNG is white', async () => {
  // A picture of samples is none of 8×8.
  await runSample({ run: grey, n: 1, steps: 1, sampler: 'em', ...speed })
  const options = { run: grey, n: 1, steps: 2, ...speed }
  await expect(runInpaint({ ...options, mask: join(grey, 'samples.png') })).rejects.toThrow(
    'sgm: expected a mask of 8×8 pixels, got 40×40',
  )
  await expect(runInpaint({ ...options, mask: 'middle' })).rejects.toThrow(
    /--mask left\|right\|top\|bottom\|center or a PNG/,
  )
})

it('keeps the grey of what it colours', async () => {
  const { file } = await runColorize({ run: colour, n: 2, steps: 5, ...speed })
  const all = await images(file, 2)
  const greyOf = (one: number[]) =>
    Array.from({ length: 64 }, (_, i) => (one[3 * i]! + one[3 * i + 1]! + one[3 * i + 2]!) / 3)
  for (const i of [0, 1]) {
    expect(largest(greyOf(all[i]!), greyOf(all[2 + i]!))).toBeLessThanOrEqual(1)
    // Channels cut at black or white lose grey: those within keep it.
    const made = all[4 + i]!
    const inside = greyOf(made).map((_, k) =>
      [0, 1, 2].every((c) => made[3 * k + c]! > 0 && made[3 * k + c]! < 255),
    )
    const [wanted, got] = [greyOf(all[i]!), greyOf(made)].map((one) => one.filter((_, k) => inside[k]))
    if (wanted!.length > 0) expect(largest(wanted!, got!)).toBeLessThanOrEqual(3)
  }
  await expect(runColorize({ run: grey })).rejects.toThrow(
    'sgm: expected a run on images of 3 channels, got 1 in',
  )
})

it('goes between images, from the one to the other', async () => {
  const { file, error } = await runInterpolate({ run: grey, n: 2, frames: 3, ...speed })
  expect(error).toBeLessThan(0.02)
  expect(await images(file, 3)).toHaveLength(6)
})

it('exports what it samples with, for any batch', async () => {
  const { file, inputs } = await runExport({ run: grey })
  expect(inputs).toEqual({ x: 'float32 [N, 8, 8, 1]', t: 'float32 [N]' })
  const score = await fromOnnx(await readFile(file))
  await withRun(grey, { eager: true }, {}, async ({ model, weights }) => {
    const x = tensor(
      Float32Array.from({ length: 192 }, (_, i) => Math.sin(i)),
      [3, 8, 8, 1],
    )
    const t = tensor([0.1, 0.5, 0.9])
    const wanted = await bind(model.network, weights)(x, t).data()
    const got = await (await score(x, t)).data()
    const size = Math.max(...wanted.map(Math.abs))
    expect(largest([...wanted], [...got]) / size).toBeLessThan(1e-5)
  })
})

it('exports what pages load: the averaged weights, in a quarter of the bytes', async () => {
  const weights = join(folder, 'exported')
  const { bytes, inputs } = await runExport({ run: grey, weights })
  expect(inputs).toBeUndefined()
  expect(bytes).toBeLessThan((await readFile(join(grey, 'checkpoint.safetensors'))).length / 3)
  using whole = await loadRun(grey)
  using small = await loadRun(weights)
  expect(small.step).toBe(whole.step)
  expect(small.config).toEqual({ ...whole.config, data: basename(whole.config.data) })
  for (const [name, x] of Object.entries(whole.weights)) {
    expect(await small.weights[name]!.data()).toEqual(await x.data())
  }
  await expect(runExport({ run: grey, weights, onnx: 'both' })).rejects.toThrow('one of --onnx and --weights')
})

describe('with labels', () => {
  const run = join(folder, 'labels')
  beforeAll(async () => {
    const { net: _, width: __, ...rest } = tiny
    // A network whose first steps are told classes apart: that of the default starts at zero.
    await runTrain({
      ...rest,
      net: 'tutorial',
      data: 'glyphs:17',
      labels: true,
      batch: 4,
      steps: 2,
      out: run,
    })
  }, 120_000)

  it('samples the classes asked for, and without guidance what sgm sample draws', async () => {
    const at = (name: string) => join(folder, name)
    const numbers = async (name: string) => [...(await readNpy(await readFile(at(name)))).values].map(Number)
    const options = { run, sampler: 'em', steps: 3, n: 2, label: '3,0', ...speed }
    const { labels, file } = await runClass({ ...options, guidance: 0, npy: at('free.npy') })
    expect(labels).toEqual(['3', '0'])
    const { label: _, ...unlabelled } = options
    await runSample({ ...unlabelled, n: 4, guidance: 0, npy: at('all.npy') })
    expect(largest(await numbers('free.npy'), await numbers('all.npy'))).toBeLessThan(1e-3)
    await runClass({ ...options, guidance: 4, npy: at('guided.npy') })
    expect(largest(await numbers('guided.npy'), await numbers('free.npy'))).toBeGreaterThan(0.1)
    // Two rows of two images of 17 pixels, a pixel between them, and to the left their labels.
    const { width, height } = decode(await readFile(file))
    expect(width).toBeGreaterThan(height)
    await expect(runClass({ ...options, label: 'ten' })).rejects.toThrow(/--label of 0, 1, .*, got ten/)
    await expect(runClass({ run: grey })).rejects.toThrow('sgm: expected a run trained with --labels')
  })

  it('samples as many of each class as chance has it, each by its seed and number', async () => {
    const at = (name: string) => join(folder, name)
    const numbers = async (name: string) => [...(await readNpy(await readFile(at(name)))).values].map(Number)
    const options = { run, sampler: 'em', steps: 3, ...speed }
    const drawn = choice(foldIn(foldIn(key(5), 2 ** 32 - 1), 0), 10, [3])
    const labels = [...(await drawn.data())].join()
    await runClass({ ...options, label: labels, n: 1, guidance: 1, seed: 5, npy: at('told.npy') })
    await runSample({ ...options, n: 3, seed: 5, npy: at('three.npy') })
    expect(largest(await numbers('three.npy'), await numbers('told.npy'))).toBeLessThan(1e-3)
    await runSample({ ...options, n: 3, seed: 5, guidance: 0, npy: at('untold.npy') })
    expect(largest(await numbers('three.npy'), await numbers('untold.npy'))).toBeGreaterThan(0.01)
    await expect(runSample({ run: grey, guidance: 1 })).rejects.toThrow(
      'sgm: expected a run trained with --labels for --guidance',
    )
  })

  it('exports the label as an input', async () => {
    expect((await runExport({ run })).inputs).toEqual({
      x: 'float32 [N, 17, 17, 1]',
      t: 'float32 [N]',
      label: 'int32 [N]',
    })
  })
})
