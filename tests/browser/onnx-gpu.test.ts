import { type Gpu, openGpu } from '@sgm/backend-gpu'
import { fromOnnx } from '@sgm/backend-onnx'
import { webgpu } from '@sgm/backend-onnx/webgpu'
import { fromScheduler, sample, uniPc } from '@sgm/samplers'
import { key, normal, ones, type Tensor, useBackend, zeros } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

let gpu: Gpu

beforeAll(async () => {
  gpu = await openGpu()
  await useBackend('webgpu')
})

afterAll(async () => {
  await useBackend(inject('backend') as 'wasm')
  gpu.close()
})

// A U-Net with steps of int64, which WebGPU does not have: guided, so that one row serves two and both are told their steps.
test('a model of ONNX is sampled on the GPU of a page, and nothing but its steps is copied to the host', async () => {
  const { sd1 } = inject('pipelines')
  const source = sd1['unet/model.onnx']!
  const wasmPaths = inject('ort')
  const { process, score } = fromScheduler(
    await (await fetch(sd1['scheduler/scheduler_config.json']!)).json(),
  )
  const text = { conditional: ones([1, 3, 8]), unconditional: zeros([1, 3, 8]) }
  const drawn = async (model: Awaited<ReturnType<typeof fromOnnx>>): Promise<Tensor> => {
    const guided = model.guided({
      conditional: { encoder_hidden_states: text.conditional },
      unconditional: { encoder_hidden_states: text.unconditional },
    })
    const run = { key: key(0), x: normal(key(1), [1, 4, 4, 4]), steps: 2, finite: false } as const
    return sample({ process, score: score(guided) }, uniPc(), run)
  }
  const onHost = await fromOnnx(source, { threads: 1, wasmPaths })
  const wanted = await drawn(onHost)
  const onGpu = await fromOnnx(source, { wasmPaths, device: webgpu(gpu) })
  await drawn(onGpu)
  const maps = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
  const got = await drawn(onGpu)
  const bytes = maps.mock.contexts.map((buffer) => (buffer as GPUBuffer).size)
  expect(bytes).toHaveLength(2)
  expect(Math.max(...bytes)).toBeLessThanOrEqual(16)
  await expectNear(got, wanted, 1e-3)
  expect(maps.mock.contexts.length).toBeGreaterThan(2)
  maps.mockRestore()
  await Promise.all([onHost.dispose(), onGpu.dispose()])
})
