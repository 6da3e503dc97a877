import { compile, mul, type Tensor, tensor } from '@sgm/tensor'
import { expect, test } from 'vitest'
import { onnx } from '../index'

test('says which file is missing, and what to do, where onnxruntime-web is not served', async () => {
  const executor = onnx({ runtime: 'web', wasmPaths: 'file:///nowhere/' })
  const double = compile((x: Tensor) => mul(x, 2), { executor })
  const message =
    /^onnx: expected the file ort-wasm-simd-threaded.wasm .* beside the bundle, .*wasmPaths: .*nowhere/
  await expect(double(tensor([1]))).rejects.toThrow(message)
  await expect(double(tensor([1]))).rejects.toThrow(/^onnx: expected the file ort-wasm/)
})
