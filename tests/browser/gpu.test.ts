import { type Gpu, openGpu } from '@sgm/backend-gpu'
import { particleView } from '@sgm/backend-gpu/particles'
import { ddim, trajectory } from '@sgm/samplers'
import { gaussian, mlp } from '@sgm/score'
import { vp } from '@sgm/sde'
import {
  compile,
  type Key,
  key,
  mean,
  mul,
  type NamedTensors,
  normal,
  square,
  sub,
  type Tensor,
  uniform,
  useBackend,
  type Variable,
  valueAndGrad,
  variable,
  zeros,
} from '@sgm/tensor'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

/** Float32 rounding of a few layers, each of which two engines may round differently. */
const TOLERANCE = 1e-4

let gpu: Gpu

beforeAll(async () => {
  gpu = await openGpu()
  await useBackend('webgpu')
})

afterAll(async () => {
  await useBackend(inject('backend') as 'wasm')
  gpu.close()
})

const network = mlp({ hidden: [16, 16] })

/** Losses of a few training steps with noise from a key. */
async function losses(compiled: boolean): Promise<number[]> {
  const parameters = Object.fromEntries(
    Object.entries(network.init(key(5))).map(([name, p]) => [name, variable(p)]),
  ) as Readonly<Record<string, Variable>>
  const step = compile(
    (x: Tensor, t: Tensor, noise: Key) => {
      const target = normal(noise, [16, 2])
      const loss = (p: NamedTensors): Tensor => mean(square(sub(network.apply(p, x, t), target)))
      const { value, gradient } = valueAndGrad<NamedTensors, []>(loss)(parameters)
      for (const [name, p] of Object.entries(parameters)) p.assign(sub(p, mul(gradient[name]!, 0.1)))
      return value
    },
    compiled ? { executor: gpu.executor() } : {},
  )
  const [x, t] = [normal(key(3), [16, 2]), uniform(key(4), [16])]
  const values: number[] = []
  for (let i = 0; i < 5; i++) values.push((await (await step(x, t, key(i))).data())[0]!)
  await step.dispose()
  return values
}

test('a training step on the GPU of a page does what it does eagerly', async () => {
  const [eager, compiled] = [await losses(false), await losses(true)]
  for (const [i, value] of eager.entries())
    expect(Math.abs(compiled[i]! - value)).toBeLessThan(TOLERANCE * value)
})

/** What a canvas shows: the four bytes of a pixel by its column and its row, from the top. */
async function shown(canvas: HTMLCanvasElement | OffscreenCanvas) {
  const bitmap = await createImageBitmap(canvas)
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  return (column: number, row: number) => [...context.getImageData(column, row, 1, 1).data]
}

const [blue, red, white] = [[0, 0, 255, 255], [255, 0, 0, 255], [255, 255, 255, 255]] // biome-ignore format: colours
const [width, height] = [64, 32]

describe('a canvas of the page', () => {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const options = { bounds: [-4, 4, -2, 2], color: [1, 0, 0, 1], background: [0, 0, 1, 1] } as const

  test('shows particles where the score sends them, then as many pixels as it has', async () => {
    const process = vp()
    const target = gaussian({ mean: [2, 0], covariance: 0.01 }).diffused(process)
    const score = compile((x: Tensor, t: Tensor) => target.score(x, t), { executor: gpu.executor() })
    const view = particleView(gpu, canvas, options)
    const run = { key: key(0), shape: [10_000, 2], steps: 4, finite: false } as const
    for await (const { x, index } of trajectory({ process, score }, ddim(), run)) {
      await view.draw(x)
      // The prior's middle is everyone's at first, and nobody's in the end.
      if (index === 0) expect((await shown(canvas))(32, 16)).toEqual(red)
      if (index < run.steps) continue
      const at = await shown(canvas)
      expect([at(48, 16), at(32, 16), at(16, 16)]).toEqual([red, blue, blue])
      Object.assign(canvas, { width: 2 * width, height: 2 * height })
      await view.draw(x)
      const larger = await shown(canvas)
      expect([larger(96, 32), larger(64, 32), larger(127, 63)]).toEqual([red, blue, blue])
    }
    view.dispose()
    await expect(view.draw(zeros([1, 2]))).rejects.toThrow('got one that is disposed')
    await score.dispose()
  })

  test('serves another view once the first one is disposed', async () => {
    const view = particleView(gpu, canvas, { ...options, color: [1, 1, 1, 1], radius: 3 })
    await view.draw(zeros([1, 2]))
    const at = await shown(canvas)
    expect([at(64, 32), at(32, 32)]).toEqual([white, blue])
    view.dispose()
  })

  test('is drawn to no more when the device is lost', async () => {
    const other = await openGpu()
    const offscreen = new OffscreenCanvas(width, height)
    const view = particleView(other, offscreen, options)
    await view.draw(zeros([1, 2]))
    expect((await shown(offscreen))(0, 0)).toEqual(blue)
    other.device.destroy()
    const error = await other.lost
    await expect(view.draw(zeros([1, 2]))).rejects.toBe(error)
    // Another device may take the canvas over.
    const next = particleView(gpu, offscreen, { ...options, radius: 3 })
    await next.draw(zeros([1, 2]))
    expect((await shown(offscreen))(32, 16)).toEqual(red)
    next.dispose()
  })
})

test('particles want a canvas that has no other context', () => {
  const canvas = new OffscreenCanvas(4, 4)
  canvas.getContext('2d')
  expect(() => particleView(gpu, canvas)).toThrow('particleView: expected a canvas with a WebGPU context')
})
