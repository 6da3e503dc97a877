import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { add, grad, key, matMul, mul, normal, reshape, scalar, square, sum, tanh, tensor } from '../index'
import { memory, variable } from '../memory'
import type { Tensor } from '../types'
import { compile } from './compile'
import { hostExecutor } from './host-executor'
import { interpreter, reference } from './reference'

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
    await expect(f(tensor([1]))).rejects.toThrow(
      /got a read of values on the host.*called at.*compile\.test/s,
    )
    const later = compile(async (x: Tensor) => mul(x, (await x.data())[0]!), { executor })
    await expect(later(tensor([1]))).rejects.toThrow(/got a read of values on the host/)
    const swallowed = compile(
      (x: Tensor) => {
        x.data().catch(() => {})
        return x
      },
      { executor },
    )
    await expect(swallowed(tensor([1]))).rejects.toThrow(/got a read of values on the host/)
  })

  test('names a kernel that cannot be traced, frees what was made until then, and works afterwards', async () => {
    const w = variable(tensor([1, 2]))
    const before = memory().tensors
    const f = compile(
      (x: Tensor) => {
        variable(x)
        w.assign(mul(x, 2))
        return tf.grad((y) => tf.unique(tf.tanh(y as tf.Tensor1D)).values)(x as unknown as tf.Tensor) as never
      },
      { executor },
    )
    const x = tensor([1, 2])
    await expect(f(x)).rejects.toThrow(
      /^compile: expected kernels that can be traced, got Unique, called at.*compile\.test/,
    )
    expect(memory().tensors).toBe(before + 1)
    expect([...(await w.data())]).toEqual([1, 2])
    await close(await compile((y: Tensor) => mul(y, w), { executor })(x), tensor([1, 4]))
  })

  test('refuses a function that neither gives tensors nor sets variables', async () => {
    const f = compile((_: Tensor) => ({ loss: [] }), { executor })
    await expect(f(tensor([1]))).rejects.toThrow(
      'compile: expected a function that gives tensors or sets variables, got one that does neither',
    )
  })

  test('refuses an asynchronous function', async () => {
    const f = compile(async (x: Tensor) => x, { executor })
    await expect(f(tensor([1]))).rejects.toThrow(
      'compile: expected a synchronous function, got one that returns a Promise',
    )
  })

  test('takes tensors from outside as constants, also those that share memory', async () => {
    const w = tensor([[1, 2, 3]])
    const v = reshape(w, [3])
    const f = (x: Tensor) => add(mul(x, w), v)
    await close(await compile(f, { executor })(tensor([1, 1, 1])), tensor([[2, 4, 6]]))
  })

  test('takes integers that were cast to floats for floats, wherever they come from', async () => {
    const cast = (x: Tensor) => tf.cast(x as unknown as tf.Tensor, 'float32') as unknown as Tensor
    const [w, v, x] = [2, 3, 5].map((n) => cast(tensor(Int32Array.of(n))))
    const state = variable(v!)
    const f = (y: Tensor) => add(mul(add(y, cast(tensor(Int32Array.of(1)))), w!), mul(state, 0.5))
    await close(await compile(f, { executor })(x!), tensor([13.5]))
    const seen: unknown[] = []
    const watched = hostExecutor({
      name: 'watched',
      load: async (graph, variables) => {
        seen.push(
          ...variables,
          ...graph.constants.filter(({ value }) => value.dtype === 'float32').map(({ data }) => data),
        )
        const loaded = await interpreter.load(graph, variables)
        return {
          ...loaded,
          run: (inputs) => {
            seen.push(...inputs)
            return loaded.run(inputs)
          },
        }
      },
    })
    await compile(f, { executor: watched })(x!)
    expect(seen.length).toBeGreaterThanOrEqual(4)
    for (const data of seen) expect(data).toBeInstanceOf(Float32Array)
  })

  test('makes large optimiser slots, which start from a computed value', async () => {
    const w = tf.variable(tf.zeros([300, 300]))
    const adam = tf.train.adam(0.5)
    const step = compile(
      (x: Tensor) =>
        adam.minimize(
          () => tf.sum(tf.square(tf.sub(w, x as unknown as tf.Tensor))),
          true,
        ) as unknown as Tensor,
      { executor },
    )
    const one = scalar(1)
    const losses = [(await (await step(one)).data())[0]!, (await (await step(one)).data())[0]!]
    expect(losses[0]).toBe(90_000)
    expect(losses[1]! / 90_000).toBeCloseTo(0.25, 4)
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
