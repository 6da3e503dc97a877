import { cast, cumsum, greater, max, mean, min, prod, sum, type Tensor, tensor, transpose } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test, vi } from 'vitest'
import { gpuOfFile } from './testing'

await gpuOfFile()

const values = async (x: Tensor): Promise<number[]> => [...(await x.data())]
/** The places of a tensor, by the place of a fold along some axes that they belong to. */
function rowsOf(shape: readonly number[], axes: readonly number[]): number[][] {
  const rows = new Map<string, number[]>()
  for (let i = 0; i < shape.reduce((a, b) => a * b); i++) {
    const place = shape.map(
      (length, axis) => Math.floor(i / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % length,
    )
    const row = place.filter((_, axis) => !axes.includes(axis)).join()
    rows.set(row, [...(rows.get(row) ?? []), i])
  }
  return [...rows.values()]
}

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

  test.each<[string, readonly number[], number | readonly number[]]>([
    ['along the last axis', [4096, 2], 1],
    ['along the first axis', [2, 4096], 0],
    ['along an axis between', [64, 2, 64], 1],
    ['along two axes apart', [2, 1024, 4], [0, 2]],
    ['along two axes in another order', [1024, 2, 2], [2, 1]],
  ])('fold many short rows %s by few workgroups', async (_, shape, axes) => {
    const size = shape.reduce((a, b) => a * b)
    const length = [axes].flat().reduce((a, axis) => a * shape[axis]!, 1)
    // Places are their own values: of a row, those far apart weigh most.
    const x = tensor(
      Array.from({ length: size }, (_, i) => i),
      [...shape],
    )
    const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const [total, average, most, least] = [sum, mean, max, min].map((fold) => fold(x, axes))
    const groups = dispatched.mock.calls.reduce((all, [a, b = 1, c = 1]) => all + a * b * c, 0)
    dispatched.mockRestore()
    expect(groups).toBeLessThan(4 * 2 * (size / 64))
    expect(total!.shape).toEqual(shape.filter((_, i) => ![axes].flat().includes(i)))
    const rows = rowsOf(shape, [axes].flat())
    expect(await values(total!)).toEqual(rows.map((row) => row.reduce((a, b) => a + b)))
    expect(await values(average!)).toEqual(rows.map((row) => row.reduce((a, b) => a + b) / length))
    expect(await values(most!)).toEqual(rows.map((row) => Math.max(...row)))
    expect(await values(least!)).toEqual(rows.map((row) => Math.min(...row)))
  })

  test('take NaN for the extreme of a short row', async () => {
    const x = tensor([[1, Number.NaN, 2], [3, 4, -5], [Number.NaN, 0, 0]]) // biome-ignore format: rows
    expect(await values(max(x, 1))).toEqual([Number.NaN, 4, Number.NaN])
    expect(await values(min(x, 1))).toEqual([Number.NaN, -5, Number.NaN])
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
