import { onnx } from '@sgm/backend-onnx'
import { compile, key, matMul, normal, type Tensor, tanh } from '@sgm/tensor'
import { env } from 'onnxruntime-web/wasm'
import { expect, inject, test } from 'vitest'

const isolated = inject('isolated')

/** Counts the workers that `work` starts. */
async function workersOf(work: () => Promise<void>): Promise<number> {
  const { Worker } = globalThis
  let started = 0
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      started++
    }
  }
  await work()
  globalThis.Worker = Worker
  return started
}

test(isolated ? 'an isolated page has the threads asked for' : 'another page has one thread', async () => {
  expect(globalThis.crossOriginIsolated).toBe(isolated)
  const executor = onnx({ threads: 3, wasmPaths: inject('ort') })
  const product = (a: Tensor, b: Tensor): Tensor => tanh(matMul(a, b))
  const compiled = compile(product, { executor })
  const [a, b] = [normal(key(0), [200, 300]), normal(key(1), [300, 100])]
  const workers = await workersOf(async () => {
    const [got, wanted] = [await (await compiled(a, b)).data(), await product(a, b).data()]
    for (const [i, value] of got.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-4)
  })
  expect(env.wasm.numThreads).toBe(isolated ? 3 : 1)
  // The page's own thread is one of them.
  expect(workers).toBe(isolated ? 2 : 0)
  await compiled.dispose()
})
