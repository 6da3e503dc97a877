import { type Gpu, openGpu } from '@sgm/backend-gpu'
import { particleView } from '@sgm/backend-gpu/particles'
import { mlp } from '@sgm/score'
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
} from '@sgm/tensor'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

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

// Chromium cannot show a canvas of an adapter in software: what would be seen is drawn to a texture.
test('a hundred thousand particles are drawn where they are', async () => {
  const { device } = gpu
  const [width, height] = [64, 32]
  const texture = device.createTexture({
    size: [width, height],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  })
  const view = particleView(gpu, texture, { bounds: [0, 2, 0, 1], color: [1, 0, 0, 1] })
  await view.draw(uniform(key(0), [100_000, 2]))
  const bytesPerRow = 4 * width
  const buffer = device.createBuffer({
    size: bytesPerRow * height,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  })
  const encoder = device.createCommandEncoder()
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height])
  device.queue.submit([encoder.finish()])
  await buffer.mapAsync(GPUMapMode.READ)
  const bytes = new Uint8Array(buffer.getMappedRange())
  const at = (column: number, row: number) => [...bytes.subarray(bytesPerRow * row + 4 * column).slice(0, 4)]
  expect(at(16, 16)).toEqual([255, 0, 0, 255])
  expect(at(48, 16)).toEqual([0, 0, 0, 0])
  view.dispose()
})

test('particles want a canvas that has no other context', () => {
  const canvas = new OffscreenCanvas(4, 4)
  canvas.getContext('2d')
  expect(() => particleView(gpu, canvas)).toThrow('particleView: expected a canvas with a WebGPU context')
})
