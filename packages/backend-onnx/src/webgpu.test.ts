import { tensor } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { fromOnnx } from './index'
import { webgpu } from './webgpu'

const gpu = { device: {}, bufferOf: () => undefined, tensorOf: () => undefined }

it('wants an open GPU', () => {
  expect(() => webgpu({} as never)).toThrow('webgpu: expected gpu to have bufferOf, tensorOf, got')
  expect(webgpu(gpu).give(tensor([1]), 'int64', [1])).toBeUndefined()
})

it('says in Node that it wants a page', async () => {
  await expect(fromOnnx(new Uint8Array(1), { device: webgpu(gpu) })).rejects.toThrow(
    'webgpu: expected a page with WebGPU, got another place',
  )
  await expect(fromOnnx(new Uint8Array(1), { device: {} as never })).rejects.toThrow(
    'fromOnnx: expected device to have open, give, take',
  )
})
