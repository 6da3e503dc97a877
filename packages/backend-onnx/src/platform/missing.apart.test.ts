import { compile, type Tensor, tensor } from '@sgm/tensor'
import { expect, test, vi } from 'vitest'
import { fromOnnx, onnx } from '../index'

vi.mock('onnxruntime-node', () => {
  throw new Error("Cannot find package 'onnxruntime-node'")
})
vi.mock('onnxruntime-web', () => {
  throw new Error("Cannot find package 'onnxruntime-web'")
})

test.each([
  ['onnxruntime-node', undefined],
  ['onnxruntime-node', 'node'],
  ['onnxruntime-web', 'web'],
] as const)('says to install %s where it is not there (runtime %s)', async (name, runtime) => {
  const options = runtime === undefined ? {} : { runtime }
  const message = `onnx: expected the package ${name} to be installed (npm install ${name})`
  const double = compile((x: Tensor) => x, { executor: onnx(options) })
  await expect(double(tensor([1]))).rejects.toThrow(message)
  await expect(fromOnnx(new Uint8Array(8), options)).rejects.toThrow(message)
})
