import { cast, cumsum, greater, max, mean, prod, sum, type Tensor, tensor, transpose } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { gpuOfFile } from './testing'

await gpuOfFile()

const values = async (x: Tensor): Promise<number[]> => [...(await x.data())]
const ints = (data: number[], shape?: number[]): Tensor => tensor(Int32Array.from(data), shape)

describe('eager kernels on the GPU', () => {
  test('fold integers exactly, beyond what floats hold', async () => {
    const x = ints([2 ** 24, 1, 3, -(2 ** 30), 5, 7], [2, 3])
    expect(await values(sum(x, 1))).toEqual([2 ** 24 + 4, 12 - 2 ** 30])
    expect(await values(sum(x, 0))).toEqual([2 ** 24 - 2 ** 30, 6, 10])
    expect(await values(max(x, 0, true))).toEqual([2 ** 24, 5, 7])
    expect(await values(mean(ints([1, 2, 4, 5], [2, 2]), 0))).toEqual([2.5, 3.5])
    expect(await values(cumsum(x, 1))).toEqual([
      2 ** 24,
      2 ** 24 + 1,
      2 ** 24 + 4,
      -(2 ** 30),
      5 - 2 ** 30,
      12 - 2 ** 30,
    ])
  })

  test('move integers and bools exactly', async () => {
    const x = ints([2 ** 24 + 1, 2, 3, 4, 5, 6], [1, 2, 3])
    expect(await values(transpose(x, [2, 1, 0]))).toEqual([2 ** 24 + 1, 4, 2, 5, 3, 6])
    const flags = greater(tensor([[1, -1], [1, 1]]), 0) // biome-ignore format: rows
    expect(await values(transpose(flags))).toEqual([1, 1, 0, 1])
    expect(await values(sum(cast(flags, 'float32'), 0))).toEqual([2, 1])
  })

  test('keep the axes of products', async () => {
    expect(prod(tensor([[2, 3]]), 0, true).shape).toEqual([1, 2])
  })

  test('name the op when the device refuses its code', async () => {
    const backend = tf.backend() as import('@tensorflow/tfjs-backend-webgpu').WebGPUBackend
    const program = {
      variableNames: ['x'],
      outputShape: [2],
      workgroupSize: [64, 1, 1] as [number, number, number],
      dispatchLayout: { x: [0] },
      dispatch: [1, 1, 1] as [number, number, number],
      shaderKey: 'broken',
      getUserCode: () => 'fn main(index : i32) { result[index] = nonsense; }',
    }
    const x = tf.tensor([1, 2])
    const out = backend.runWebGPUProgram(program, [x], 'float32')
    await expect(backend.read(out.dataId)).rejects.toThrow(/^webgpu: expected kernels that are valid, got/)
    expect(await values(tensor([1, 2]))).toEqual([1, 2])
  })
})
