import { add, compile, ones, type Tensor } from '@sgm/tensor'
import { callOf, type Value } from '@sgm/tensor/compile'
import { expect, it, vi } from 'vitest'
import { onnx } from './index'
import * as runtime from './runtime'
import { spinOf } from './spin'

const negation = (shape: readonly number[]) => {
  const x: Value = { id: 0, shape, dtype: 'float32' }
  return { nodes: [callOf('Neg', { x }, {}, { ...x, id: 1 })] }
}

it.each([
  [[2048, 256], 20],
  [[2048, 255], undefined],
  [[], undefined],
])('of values %j is %s µs', (shape, wanted) => {
  expect(spinOf(negation(shape))).toBe(wanted)
})

it('is told of compiled graphs', async () => {
  const open = vi.spyOn(runtime, 'openSession')
  const double = compile((x: Tensor) => add(x, x), { executor: onnx() })
  const x = ones([1024, 512])
  expect((await (await double(x)).data())[0]).toBe(2)
  expect(open.mock.lastCall![2]).toEqual({ spin: 20 })
  open.mockRestore()
  await double.dispose()
})
