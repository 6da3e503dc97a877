import { afterAll, describe, expect, test, vi } from 'vitest'
import { openGpu } from '../index'
import { Pipelines } from './pipelines'

const gpu = await openGpu()

afterAll(() => gpu.close())

const code = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(1) fn main() { x[0] = 1; }`

test('compiled beside others, code holds nobody up', async () => {
  const atOnce = vi.spyOn(GPUDevice.prototype, 'createComputePipeline')
  await new Pipelines(gpu.device).of({ code, label: 'a' })
  expect(atOnce).not.toHaveBeenCalled()
  await new Pipelines(gpu.device, { inTurn: true }).of({ code, label: 'a' })
  expect(atOnce).toHaveBeenCalledOnce()
  atOnce.mockRestore()
})

describe.each([false, true])('compiled in turn: %s', (inTurn) => {
  test('one piece of code is one pipeline, however often it is asked for', async () => {
    const pipelines = new Pipelines(gpu.device, { inTurn })
    const [first, second] = await Promise.all([
      pipelines.of({ code, label: 'a' }),
      pipelines.of({ code, label: 'b' }),
    ])
    expect(second).toBe(first)
    expect(pipelines.count).toBe(1)
  })

  test('code that the device refuses is said with its kernels, harms no other, and is not kept', async () => {
    const pipelines = new Pipelines(gpu.device, { inTurn })
    const refused = pipelines.of({ code: 'nonsense', label: 'Add, Exp' })
    const taken = pipelines.of({ code, label: 'Add' })
    await expect(refused).rejects.toThrow(/expected code that the device takes, got a refusal of Add, Exp: ./)
    expect(await taken).toBeDefined()
    expect(pipelines.count).toBe(1)
  })
})
