import { noisyClassification, sdeDenoising } from '@sgm/losses'
import * as score from '@sgm/score'
import { mlp, type Network } from '@sgm/score'
import { foldIn, key, normal, type Tensor, tensor, useBackend } from '@sgm/tensor'
import { type CheckpointStore, type TrainOptions, train } from '@sgm/train'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type Gpu, openGpu } from './index'
import { eagerBytes } from './testing'

const gpu = await openGpu()

afterAll(() => gpu.close())
afterEach(async () => {
  vi.restoreAllMocks()
  await useBackend('wasm')
})

const unet = { size: 4, channels: 1, width: 4, multipliers: [1, 2], blocks: 1, attention: [2] }

/** Every network, as small as it goes, and a row of its data. */
const networks: Record<string, readonly [Network, row: readonly number[]]> = {
  ddpm: [score.ddpm({ ...unet, dropout: 0.2 }), [4, 4, 1]],
  ddpmpp: [score.ddpmpp(unet), [4, 4, 1]],
  dit: [score.dit({ size: 4, channels: 1, width: 8, depth: 2, heads: 2 }), [4, 4, 1]],
  mlp: [mlp({ hidden: [16, 16] }), [2]],
  ncsnpp: [score.ncsnpp(unet), [4, 4, 1]],
  noiseClassifier: [score.noiseClassifier({ classes: 3, size: 4, width: 8, multipliers: [1, 2] }), [4, 4, 1]],
  refineNet: [score.refineNet({ size: 4, channels: 1, width: 2 }), [4, 4, 1]],
  tutorialUnet: [
    score.tutorialUnet({ size: 17, widths: [4, 8, 8, 8], groups: [2, 4], embedding: 8 }),
    [17, 17, 1],
  ],
}

describe.each(Object.entries(networks))('%s', (name, [model, row]) => {
  test('takes the same ten steps on the GPU as eagerly', async () => {
    const x = (step: number): Tensor => normal(foldIn(key(1), step), [3, ...row])
    const labels = (): Tensor => tensor(Int32Array.of(0, 1, 2))
    const task: Pick<TrainOptions, 'loss' | 'data'> =
      name === 'noiseClassifier'
        ? { loss: noisyClassification(), data: (step) => ({ x: x(step), condition: labels() }) }
        : { loss: sdeDenoising(), data: x }
    const losses = async (compiled: boolean) => {
      const run = train({
        model,
        ...task,
        steps: 10,
        key: key(0),
        ...(compiled && { compile: gpu.executor() }),
      })
      const all: number[] = []
      for await (const { loss } of run) all.push(loss)
      run.dispose()
      return all
    }
    const [eager, onGpu] = [await losses(false), await losses(true)]
    const largest = Math.max(...eager.map(Math.abs))
    for (const [i, loss] of eager.entries()) expect(Math.abs(onGpu[i]! - loss)).toBeLessThan(1e-4 * largest)
    expect(eager[9]).not.toBe(eager[0])
  })
})

const options: TrainOptions = {
  model: mlp({ hidden: [4] }),
  loss: sdeDenoising(),
  data: (step) => normal(foldIn(key(1), step), [4, 2]),
  steps: 20,
  key: key(2),
  compile: gpu.executor(),
}

describe('a training run', () => {
  test('reads losses when they are asked for, and weights at the end', async () => {
    await useBackend('webgpu')
    const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
    const counts: number[] = []
    const run = train({ ...options, reportEvery: 6 })
    for await (const { step } of run) counts.push(step, read.mock.calls.length)
    run.dispose()
    // The last step's report also looks at the weights: whether they are finite.
    expect(counts.slice(0, 6)).toEqual([6, 1, 12, 2, 18, 3])
    expect(counts[6]).toBe(20)
  })

  // Two thousand calls of a smaller function are in executor.test.ts; in software they would take a minute here.
  test('has after every hundred steps the bytes on the device that it had after the first hundred, and leaves none', async () => {
    await useBackend('webgpu')
    const before = gpu.usage
    const sizes: number[][] = []
    const steps = Number(process.env.SGM_GPU_STEPS ?? 300)
    const run = train({ ...options, steps: steps + 1, reportEvery: 100 })
    // The end of a run also looks whether the weights are finite.
    for await (const { step } of run) if (step <= steps) sizes.push([gpu.usage.bytes, eagerBytes()])
    run.dispose()
    expect(sizes).toHaveLength(steps / 100)
    for (const size of sizes) expect(size).toEqual(sizes[0])
    expect(gpu.usage).toMatchObject({ buffers: before.buffers, bytes: before.bytes })
  })

  test('whose device is lost stops with its last checkpoint, and goes on from there on a new one', async () => {
    const wanted: number[] = []
    for await (const { loss } of train(options)) wanted.push(loss)
    let saved: Uint8Array | undefined
    const store: CheckpointStore = {
      load: async () => saved,
      save: async (bytes) => {
        saved = bytes
      },
    }
    const goOn = async (on: Gpu, seen: (step: number) => void): Promise<number[]> => {
      const losses: number[] = []
      const run = train({ ...options, compile: on.executor(), checkpoint: { store, every: 6 } })
      for await (const { step, loss } of run) {
        losses.push(loss)
        seen(step)
      }
      return losses
    }
    const [first, second] = [await openGpu(), await openGpu()]
    const broken = goOn(first, (step) => step === 9 && first.device.destroy())
    await expect(broken).rejects.toMatchObject({ name: 'GpuLostError' })
    expect(await goOn(second, () => {})).toEqual(wanted.slice(6))
    second.close()
  })
})
