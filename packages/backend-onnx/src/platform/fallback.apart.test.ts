import { compile, mul, type Tensor, tensor, zeros } from '@sgm/tensor'
import { expect, test, vi } from 'vitest'
import { fromOnnx, onnx, toOnnx } from '../index'

vi.mock('onnxruntime-node', () => {
  throw new Error("Cannot find package 'onnxruntime-node'")
})

test('runs on WebAssembly without the native package, and says so once', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
  const double = (x: Tensor): Tensor => mul(x, 2)
  const x = tensor([21])
  for (const threads of [1, 2]) {
    expect([...(await (await compile(double, { executor: onnx({ threads }) })(x)).data())]).toEqual([42])
  }
  const read = await fromOnnx(await toOnnx(double, [zeros([1])]))
  expect([...(await (await read(x, zeros([1]))).data())]).toEqual([42])
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn.mock.calls[0]![0]).toMatch(
    /^onnx: compiled functions run on onnxruntime-web .* since onnxruntime-node cannot be loaded: .*npm install onnxruntime-node$/,
  )
  await expect(compile(double, { executor: onnx({ runtime: 'node' }) })(x)).rejects.toThrow(
    'onnx: expected the package onnxruntime-node to be installed',
  )
})
