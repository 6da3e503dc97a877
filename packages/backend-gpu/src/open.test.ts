import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { add, capabilities, matMul, ones, tensor, useBackend } from '@sgm/tensor'
import { afterEach, describe, expect, test } from 'vitest'
import { type Gpu, type GpuOptions, openGpu } from './index'

const opened: Gpu[] = []

const open = async (options?: GpuOptions): Promise<Gpu> => {
  const gpu = await openGpu(options)
  opened.push(gpu)
  return gpu
}

afterEach(async () => {
  await useBackend('wasm')
  for (const gpu of opened.splice(0)) gpu.close()
})

describe('openGpu', () => {
  test('names the adapter and gives eager tensors on it', async () => {
    const gpu = await open()
    expect(gpu.description).not.toBe('')
    expect(gpu.limits.maxBufferSize).toBeGreaterThanOrEqual(2 ** 28)
    expect(gpu.eager).toBe(true)
    expect(await useBackend('webgpu')).toBe('webgpu')
    expect((await capabilities()).backend).toBe('webgpu')
    const product = matMul(ones([2, 3]), tensor([1, 2, 3], [3, 1]))
    expect([...(await add(product, 1).data())]).toEqual([7, 7])
  })

  test('takes a device that is there already, and leaves it open', async () => {
    const { device } = await open()
    const page = await openGpu({ device })
    expect(page.device).toBe(device)
    expect(page.description).toBe(opened[0]!.description)
    page.close()
    const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ })
    await buffer.mapAsync(GPUMapMode.READ)
    expect(buffer.getMappedRange().byteLength).toBe(4)
  })

  test('gives the eager tensors to one device at a time', async () => {
    const [first, second] = [await open(), await open()]
    expect([first.eager, second.eager]).toEqual([true, false])
    first.close()
    const third = await open()
    expect(third.eager).toBe(true)
    await useBackend('webgpu')
    expect([...(await ones([2]).data())]).toEqual([1, 1])
  })

  test('says what it looked for where there is no adapter, and nothing crashes', async () => {
    const program = `
      import { create } from 'webgpu'
      Object.defineProperty(globalThis, 'navigator', { value: { gpu: { requestAdapter: async () => null } } })
      const { openGpu } = await import('./src/index.ts')
      await openGpu().catch(({ message }) => console.log(message))`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: `${import.meta.dirname}/..` },
    )
    expect(stdout).toMatch(
      /^openGpu: expected a WebGPU adapter, got none from navigator\.gpu\. In Node: npm install webgpu/,
    )
  })
})

describe('a device that is lost', () => {
  test('gives the reason, to whoever waits for it too', async () => {
    const gpu = await open()
    await useBackend('webgpu')
    const values = add(ones([4]), 1)
    gpu.device.destroy()
    const error = await gpu.lost
    expect(error.name).toBe('GpuLostError')
    expect(error.message).toMatch(/^gpu: expected a device, got one that was lost/)
    await expect(values.data()).rejects.toBe(error)
  })
})
