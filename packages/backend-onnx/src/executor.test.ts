import {
  add,
  compile,
  conv2d,
  key,
  matMul,
  mean,
  mul,
  normal,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  valueAndGrad,
  variable,
} from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { onnx } from './index'

const executor = onnx({ threads: 1 })

test('refuses options out of range', () => {
  expect(() => onnx({ threads: 1.5 })).toThrow('onnx: expected threads to be an integer >= 1, got 1.5')
  expect(() => onnx({ runtime: 'web2' as never })).toThrow(
    "onnx: expected runtime to be 'node' or 'web', got 'web2'",
  )
})

test('divides integers as tfjs does, towards minus infinity', async () => {
  const f = (a: Tensor, b: Tensor) => {
    const [x, y] = [a, b] as unknown as [tf.Tensor, tf.Tensor]
    return [tf.floorDiv(x, y), tf.mod(x, y)] as unknown as Tensor[]
  }
  const values = [7, -7, 7, -7, 6]
  const [a, b] = [tensor(Int32Array.from(values)), tensor(Int32Array.from([2, 2, -2, -2, 3]))]
  const compiled = await compile(f, { executor })(a, b)
  expect([...(await compiled[0]!.data())]).toEqual([3, -4, -4, 3, 2])
  expect([...(await compiled[1]!.data())]).toEqual([1, 1, -1, -1, 0])
})

test('makes one-hot rows of every type', async () => {
  const labels = tensor([2, 0, 3], [3], 'int32')
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    const f = (x: Tensor) => tf.oneHot(x as unknown as tf.Tensor1D, 4, 1, 0, dtype) as unknown as Tensor
    const rows = await compile(f, { executor })(labels)
    expect(rows.dtype).toBe(dtype)
    expect(Array.from(await rows.data(), Number)).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1])
  }
})

test('hands over variables in their own order, whatever order the runtime keeps them in', async () => {
  const filter = variable(normal(key(0), [3, 2, 2, 4]))
  const eager = variable(filter)
  const x = normal(key(1), [2, 5, 5, 2])
  const stepOf = (w: typeof filter) => (image: Tensor) => {
    const loss = ({ w }: { w: Tensor }): Tensor => mean(square(conv2d(image, w, { padding: 'same' })))
    const { value, gradient } = valueAndGrad<{ w: Tensor }, []>(loss)({ w })
    w.assign(sub(w, mul(gradient.w, 0.1)))
    return value
  }
  const step = compile(stepOf(filter), { executor })
  for (let i = 0; i < 3; i++) {
    await step(x)
    stepOf(eager)(x)
    await step.pullVariables()
    const [got, wanted] = [await filter.data(), await eager.data()]
    for (const [j, value] of got.entries()) expect(Math.abs(value - wanted[j]!)).toBeLessThan(1e-5)
    filter.assign(mul(filter, 2))
    eager.assign(mul(eager, 2))
    await step.pushVariables()
  }
  await step.dispose()
})

test('keeps memory flat over thousands of calls', async () => {
  const w = variable(normal(key(2), [128, 128]))
  const f = compile(
    (x: Tensor) => {
      w.assign(mul(tanh(add(w, matMul(transpose(x), x))), 0.5))
      return sum(w)
    },
    { executor },
  )
  const x = normal(key(3), [8, 128])
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) (await f(x)).dispose()
  }
  await run(500)
  const tensors = tf.memory().numTensors
  const before = process.memoryUsage().rss
  await run(3000)
  expect(tf.memory().numTensors).toBe(tensors)
  // A call makes 64 KiB of state: one copy kept a call would be 190 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(90e6)
  await f.dispose()
})
