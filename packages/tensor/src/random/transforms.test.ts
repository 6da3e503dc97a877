import { expect, it } from 'vitest'
import { floatsIn, toIndices, toSwaps, toUniform, toWeightedIndices } from './transforms'

const ends = Uint32Array.of(0, 0, 2 ** 32 - 1, 2 ** 32 - 1)

function indices(transform: ReturnType<typeof toIndices>, columns = 2): number[] {
  const values = new Int32Array(columns)
  transform(ends, 1, columns, values, 0)
  return Array.from(values)
}

it('indices reach both ends and no further', () => {
  for (const count of [1, 2, 3, 1000, 2 ** 24 + 1, 2 ** 31 - 1, 2 ** 31]) {
    expect(indices(toIndices(count))).toEqual([0, count - 1])
  }
  expect(indices(toSwaps)).toEqual([0, 1])
})

it('weights of 0 are passed over at both ends', () => {
  expect(indices(toWeightedIndices([0, 0, 1, 0, 2, 0]))).toEqual([2, 4])
  expect(indices(toWeightedIndices([0.1, 0.2, 0.7]))).toEqual([0, 2])
  expect(indices(toWeightedIndices([3]))).toEqual([0, 0])
})

it('uniforms reach the float32 numbers next to both ends', () => {
  const values = new Float32Array(4)
  toUniform(0.5, 1)(ends, 1, 4, values, 0)
  expect(values).toEqual(Float32Array.of(0.5, 0.5, 1 - 2 ** -24, 1 - 2 ** -24))
})

it('floatsIn finds the float32 numbers within bounds', () => {
  expect(floatsIn(0, 1)).toEqual([0, 1 - 2 ** -24])
  expect(floatsIn(-1, 0)).toEqual([-1, -(2 ** -149)])
  expect(floatsIn(1e-46, 1)).toEqual([2 ** -149, 1 - 2 ** -24])
  expect(floatsIn(-1 - 1e-9, 1 + 1e-9)).toEqual([-1, 1])
  expect(floatsIn(1 + 1e-9, 1 + 2 ** -23)).toEqual([1 + 2 ** -23, 1])
})
