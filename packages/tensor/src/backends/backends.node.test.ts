import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BackendName, capabilities, matMul, ones, useBackend } from '..'

let suite: string

beforeAll(() => {
  suite = tf.getBackend()
})

afterAll(async () => {
  await useBackend(suite as BackendName)
})

describe('useBackend', () => {
  it('takes WASM in Node when no name is given, and says so', async () => {
    expect(await useBackend()).toBe('wasm')
    expect(tf.getBackend()).toBe('wasm')
  })

  it.each([
    ['webgl', "useBackend: expected a backend that runs here, got 'webgl': it needs a browser"],
    [
      'webgpu',
      "useBackend: expected a backend that runs here, got 'webgpu': this runtime has no navigator.gpu (in Node, openGpu of @sgm/backend-gpu brings one)",
    ],
    ['tpu', 'useBackend: expected webgpu | webgl | wasm | cpu, got tpu'],
  ])('refuses %s in Node, with the reason, and keeps the backend', async (name, message) => {
    const before = tf.getBackend()
    await expect(useBackend(name as BackendName)).rejects.toThrow(message)
    expect(tf.getBackend()).toBe(before)
  })

  it('refuses threads out of range, and options that come too late', async () => {
    await expect(useBackend('wasm', { threads: 0 })).rejects.toThrow(
      'useBackend: expected threads to be an integer >= 1, got 0',
    )
    await useBackend('wasm')
    await expect(useBackend('wasm', { wasmPaths: '/elsewhere/' })).rejects.toThrow(
      'at the first start of wasm',
    )
  })

  it('names the kernels that a backend lacks, before it is used', async () => {
    await useBackend('cpu')
    const kernel = tf.getKernel('Tanh', 'wasm')
    tf.unregisterKernel('Tanh', 'wasm')
    await expect(useBackend('wasm')).rejects.toThrow("got 'wasm' without Tanh")
    expect(tf.getBackend()).toBe('cpu')
    tf.registerKernel(kernel)
    expect(await useBackend('wasm')).toBe('wasm')
  })

  it('leaves no handlers on the process', async () => {
    await useBackend('wasm')
    const glue = process
      .listeners('unhandledRejection')
      .filter((listener) => /throw reason/.test(String(listener)))
    expect(glue).toEqual([])
  })
})

describe('capabilities', () => {
  it('says what runs here, and why the rest does not', async () => {
    await useBackend('wasm')
    expect(await capabilities()).toEqual({
      backend: 'wasm',
      backends: {
        cpu: { available: true },
        wasm: { available: true },
        webgl: { available: false, reason: 'it needs a browser' },
        webgpu: {
          available: false,
          reason: 'this runtime has no navigator.gpu (in Node, openGpu of @sgm/backend-gpu brings one)',
        },
      },
      simd: true,
      threads: 1,
      dataSync: true,
      floatPrecision: 32,
      tfjs: '4.22.0',
    })
    const product = matMul(ones([2, 3]), ones([3, 2]))
    expect(product.shape).toEqual([2, 2])
    product.dispose()
  })
})
