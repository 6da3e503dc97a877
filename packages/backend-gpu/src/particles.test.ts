import { ddim, trajectory } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { compile, key, type Tensor, tensor, uniform, useBackend } from '@sgm/tensor'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Gpu, openGpu } from './index'
import { type ParticleViewOptions, particleView } from './particles'

const [width, height] = [64, 32]
const usage = 0x11 // RENDER_ATTACHMENT | COPY_SRC

let gpu: Gpu
let texture: GPUTexture

beforeAll(async () => {
  gpu = await openGpu()
  await useBackend('webgpu')
  texture = gpu.device.createTexture({ size: [width, height], format: 'rgba8unorm', usage })
})

afterAll(async () => {
  await useBackend('wasm')
  gpu.close()
})

/** The picture of some points: the four bytes of a pixel by its column and its row, from the top. */
async function picture(x: Tensor, options?: ParticleViewOptions) {
  const view = particleView(gpu, texture, options)
  await view.draw(x)
  view.dispose()
  return pixels()
}

async function pixels(): Promise<(column: number, row: number) => number[]> {
  const { device } = gpu
  const buffer = device.createBuffer({
    size: 4 * width * height,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  })
  const encoder = device.createCommandEncoder()
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow: 4 * width }, [width, height])
  device.queue.submit([encoder.finish()])
  await buffer.mapAsync(GPUMapMode.READ)
  const bytes = new Uint8Array(buffer.getMappedRange().slice(0))
  buffer.destroy()
  return (column, row) => [...bytes.subarray(4 * (row * width + column), 4 * (row * width + column) + 4)]
}

describe('particleView', () => {
  test('draws points where they are, the second axis up, over the background', async () => {
    const bounds = [0, width, 0, height] as const
    const [red, blue] = [[1, 0, 0, 1], [0, 0, 1, 1]] as const // biome-ignore format: colours
    const x = tensor([[8.5, 30.5], [40.5, 4.5]]) // biome-ignore format: points
    const at = await picture(x, { bounds, radius: 2.5, color: red, background: blue })
    expect(at(8, 1)).toEqual([255, 0, 0, 255])
    expect(at(40, 27)).toEqual([255, 0, 0, 255])
    expect(at(42, 27)).toEqual([255, 0, 0, 255])
    expect(at(44, 27)).toEqual([0, 0, 255, 255])
    expect(at(8, 30)).toEqual([0, 0, 255, 255])
  })

  test('lays clear ones over each other', async () => {
    const x = tensor([[0, 0], [0, 0]]) // biome-ignore format: points
    const at = await picture(x, { bounds: [-1, 1, -1, 1], radius: 3, color: [1, 1, 1, 0.5] })
    // 1 − (1 − ½)² of white, premultiplied
    for (const value of at(32, 16)) expect(Math.abs(value - 0.75 * 255)).toBeLessThanOrEqual(2)
    expect(at(2, 2)).toEqual([0, 0, 0, 0])
  })

  test('draws tensors of other backends, and none at all', async () => {
    await useBackend('wasm')
    const bounds = [-1, 1, -1, 1] as const
    const at = await picture(tensor([[0.5, 0]]), { bounds, radius: 3, color: [0, 1, 0, 1] })
    expect(at(48, 16)).toEqual([0, 255, 0, 255])
    await useBackend('webgpu')
    const empty = await picture(tensor([], [0, 2]), { bounds })
    expect(empty(48, 16)).toEqual([0, 0, 0, 0])
  })

  test('shows thousands that a score moves, and reads none of them', async () => {
    const process = vp()
    const target = gaussian({ mean: [2, 0], covariance: 0.01 }).diffused(process)
    const score = compile((x: Tensor, t: Tensor) => target.score(x, t), { executor: gpu.executor() })
    const view = particleView(gpu, texture, { color: [1, 1, 1, 1] })
    const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
    const options = { key: key(0), shape: [10_000, 2], steps: 2, finite: false } as const
    for await (const { x, index } of trajectory({ process, score }, ddim(), options)) {
      await view.draw(x)
      if (index === 0) expect((await pixels())(32, 16)).toEqual([255, 255, 255, 255])
    }
    expect(read).toHaveBeenCalledTimes(1)
    read.mockRestore()
    const at = await pixels()
    expect(at(48, 16)).toEqual([255, 255, 255, 255])
    expect(at(8, 16)).toEqual([0, 0, 0, 0])
    view.dispose()
    await score.dispose()
  })

  test('says that it was disposed, or that its device was lost', async () => {
    const disposed = particleView(gpu, texture)
    disposed.dispose()
    await expect(disposed.draw(tensor([[0, 0]]))).rejects.toThrow(
      'particleView: expected a view that draws, got one that is disposed',
    )
    const other = await openGpu()
    const target = other.device.createTexture({ size: [width, height], format: 'rgba8unorm', usage })
    const view = particleView(other, target)
    await view.draw(tensor([[0, 0]]))
    other.device.destroy()
    const error = await other.lost
    await expect(view.draw(tensor([[0, 0]]))).rejects.toBe(error)
  })

  test('refuses what it cannot draw', async () => {
    expect(() => particleView(gpu, texture, { radius: 0 })).toThrow(
      'particleView: expected radius > 0, got 0',
    )
    expect(() => particleView(gpu, texture, { color: [2, 0, 0, 1] })).toThrow(
      'particleView: expected color of four numbers in [0, 1], got [2, 0, 0, 1]',
    )
    const view = particleView(gpu, texture)
    await expect(view.draw(uniform(key(0), [4, 3]))).rejects.toThrow('particleView: expected x')
    const canvas = { getContext: () => null } as unknown as OffscreenCanvas
    expect(() => particleView(gpu, canvas)).toThrow('particleView: expected a canvas with a WebGPU context')
  })
})
