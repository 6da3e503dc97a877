import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import {
  add,
  grad,
  key,
  matMul,
  mean,
  mul,
  normal,
  reshape,
  scalar,
  square,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
} from '../index'
import { memory, variable } from '../memory'
import type { NamedTensors, Tensor } from '../types'
import { compile } from './compile'
import { reference } from './reference'

const executor = reference()

async function close(a: Tensor, b: Tensor): Promise<void> {
  expect(a.shape).toEqual(b.shape)
  const [x, y] = [await a.data(), await b.data()]
  x.forEach((value, i) => {
    expect(value).toBeCloseTo(y[i]!, 5)
  })
}

describe('compile', () => {
  test('gives what the function gives', async () => {
    const f = (x: Tensor, w: Tensor) => tanh(add(matMul(x, w), 1))
    const x = normal(key(0), [5, 3])
    const w = normal(key(1), [3, 4])
    await close(await compile(f, { executor })(x, w), f(x, w))
  })

  test('traces gradients of gradients', async () => {
    const energy = (x: Tensor) => sum(tanh(square(x)), 1)
    const f = grad((x: Tensor) => sum(square(grad(energy)(x)), 1))
    const x = normal(key(2), [4, 3])
    await close(await compile(f, { executor })(x), f(x))
  })

  test('keeps variables between calls and hands them over on request', async () => {
    const w = variable(tensor([1, 2]))
    const step = compile(
      (x: Tensor) => {
        const { value, gradient } = valueAndGrad<NamedTensors, []>(({ w }) => mean(square(sub(w!, x))))({ w })
        w.assign(sub(w, mul(gradient.w!, 0.5)))
        return { value }
      },
      { executor },
    )
    const target = tensor([0, 0])
    const first = await step(target)
    const second = await step(target)
    expect((await first.value.data())[0]).toBeCloseTo(2.5)
    expect((await second.value.data())[0]).toBeCloseTo(0.625)
    expect([...(await w.data())]).toEqual([1, 2])
    await step.pullVariables()
    expect([...(await w.data())]).toEqual([0.25, 0.5])
    w.assign(tensor([4, 4]))
    await step.pushVariables()
    expect((await (await step(target)).value.data())[0]).toBeCloseTo(16)
  })

  test('keeps variables apart that share their memory', async () => {
    const start = tensor([1, 2])
    const [a, b] = [variable(start), variable(start)]
    const step = compile(
      (x: Tensor) => {
        a.assign(add(a, x))
        return { a: add(a, 0), b: add(b, 0) }
      },
      { executor },
    )
    await step(tensor([1, 1]))
    const { a: after, b: still } = await step(tensor([1, 1]))
    expect([...(await after.data()), ...(await still.data())]).toEqual([3, 4, 1, 2])
  })

  test('agrees with an unmodified tfjs optimiser over ten steps', async () => {
    const x = normal(key(3), [16, 3])
    const run = async (compiled: boolean): Promise<number[]> => {
      const w = tf.variable(tf.tensor2d([[0.1], [0.2], [-0.3]]))
      const adam = tf.train.adam(0.05)
      const step = (x: Tensor) =>
        adam.minimize(
          () =>
            tf.mean(
              tf.square(tf.sub(tf.tanh(tf.matMul(x as unknown as tf.Tensor2D, w as tf.Tensor2D)), 0.5)),
            ),
          true,
        ) as unknown as Tensor
      const call = compile(step, compiled ? { executor } : {})
      const losses: number[] = []
      for (let i = 0; i < 10; i++) losses.push((await (await call(x)).data())[0]!)
      return losses
    }
    const eager = await run(false)
    const traced = await run(true)
    traced.forEach((loss, i) => {
      expect(loss).toBeCloseTo(eager[i]!, 5)
    })
    expect(eager[9]).toBeLessThan(eager[0]!)
  })

  test('names a host read', async () => {
    const f = compile((x: Tensor) => scalar((x as unknown as tf.Tensor).dataSync()[0]!), { executor })
    await expect(f(tensor([1]))).rejects.toThrow(/read a value on the host/)
  })

  test('traces again for other shapes, and leaves nothing behind', async () => {
    const f = compile((x: Tensor) => reshape(mul(x, 2), [-1]), { executor })
    const x = tensor([[1, 2]])
    const y = tensor([1, 2, 3])
    const before = memory().tensors
    ;(await f(x)).dispose()
    ;(await f(y)).dispose()
    expect(memory().tensors).toBe(before)
  })
})
