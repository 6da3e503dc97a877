import { glyphs, images, readPictures, sheppLogan } from '@sgm/data'
import { sdeDenoising } from '@sgm/losses'
import * as samplers from '@sgm/samplers'
import { gaussianMixture, mlp, noisePrediction } from '@sgm/score'
import { vp } from '@sgm/sde'
import { dispose, key, type LongCallOptions, normal, type Progress } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { train } from '@sgm/train'
import { figure, scatter } from '@sgm/viz'
import { toApng, toGif, toPng } from '@sgm/viz/node'
import { describe, expect, it } from 'vitest'

const process = vp()
const problem = { process, ...gaussianMixture().diffused(process) }
const points = normal(key(0), [6, 2])
const axis = { domain: [0, 1] } as const
const pictures = await Promise.all(
  [0.2, 0.5, 0.8].map((at) => figure([scatter([at, at])], { width: 120, x: axis, y: axis })),
)
const files = await Promise.all(pictures.map((picture) => toPng(picture)))
const sinogram = samplers.radonOperator([8, 8, 1], { views: 5 }).apply(sheppLogan({ size: 8 }))
const set = glyphs({ count: 150, key: key(1), size: 8 })

async function* oneByOne() {
  yield* pictures
}

async function trained(options: LongCallOptions): Promise<void> {
  using run = train({
    model: noisePrediction.score(mlp({ hidden: [4] }), process),
    loss: sdeDenoising({ process }),
    data: () => points,
    steps: 3,
    key: key(3),
    ...options,
  })
  for await (const _ of run);
}

const sampled = { key: key(0), shape: [2, 2], steps: 4 }

/** Calls that take long, by their names, with the steps that they say they have; metrics have a table of their own. */
const calls: readonly (readonly [string, number, (options: LongCallOptions) => Promise<unknown>])[] = [
  ['train', 3, trained],
  ['sample', 4, (options) => samplers.sample(problem, samplers.eulerMaruyama(), { ...sampled, ...options })],
  ['encode', 4, (options) => samplers.encode(problem, points, { steps: 4, ...options })],
  ['decode', 4, (options) => samplers.decode(problem, points, { steps: 4, ...options })],
  ['logLikelihood', 100, (options) => samplers.logLikelihood(problem, points, options)],
  ['largestDistance', 1, (options) => samplers.largestDistance(points, options)],
  [
    'filteredBackProjection',
    5,
    (options) => samplers.filteredBackProjection(sinogram, { views: 5, ...options }),
  ],
  ['images', 150, (options) => images(set, undefined, options)],
  ['readPictures', 3, (options) => readPictures(files, options)],
  ['toGif', 3, (options) => toGif(pictures, options)],
  ['toApng', 3, (options) => toApng(pictures, options)],
]

describe.each(calls)('%s', (name, steps, call) => {
  it('tells how far it is, in steps that never fall and end at the last', async () => {
    const told: Progress[] = []
    dispose(await call({ onProgress: (progress) => told.push(progress) }))
    const indices = told.map(({ index }) => index)
    expect(new Set(told.map((one) => one.steps))).toEqual(new Set([steps]))
    expect(indices).toEqual([...indices].sort((a, b) => a - b))
    expect(indices.at(-1)).toBe(steps)
  })

  it("ends with the signal's reason, at once and on the way, and leaves nothing", async () => {
    const reason = new Error('enough')
    await expectNoLeaks(async () => {
      await expect(call({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      const control = new AbortController()
      const onProgress = () => control.abort(reason)
      await expect(call({ signal: control.signal, onProgress })).rejects.toBe(reason)
    })
  })

  it('refuses what is no signal and no function', async () => {
    for (const wrong of [{ signal: {} }, { onProgress: 'tell me' }]) {
      await expect((async () => call(wrong as never))()).rejects.toThrow(TypeError)
      await expect((async () => call(wrong as never))()).rejects.toThrow(new RegExp(`^${name}: expected `))
    }
  })
})

it('counts frames that a generator makes, whose number nobody knows', async () => {
  const told: Progress[] = []
  await toGif(oneByOne(), { onProgress: (progress) => told.push(progress) })
  expect(told).toEqual([1, 2, 3].map((index) => ({ index, steps: Number.POSITIVE_INFINITY })))
})
