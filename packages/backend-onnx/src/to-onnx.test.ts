import {
  add,
  concat,
  conv2d,
  cumsum,
  div,
  grad,
  key,
  matMul,
  mean,
  mul,
  normal,
  ones,
  relu,
  reshape,
  silu,
  slice,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  tile,
  variable,
  zeros,
} from '@sgm/tensor'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { toOnnx } from './index'

/** Float32 rounding of a handful of chained kernels. */
const TOLERANCE = 2e-5

/** Runs a model's bytes by hand, with none of sgm's code. */
async function runModel(bytes: Uint8Array, inputs: Record<string, Tensor>): Promise<OrtTensor> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const feeds: Record<string, OrtTensor> = {}
  for (const [name, x] of Object.entries(inputs)) {
    feeds[name] = new OrtTensor('float32', (await x.data()) as Float32Array, x.shape)
  }
  const results = await session.run(feeds)
  await session.release()
  return results.y as OrtTensor
}

const w = normal(key(1), [3, 4])
const filter = normal(key(2), [3, 3, 2, 5])
const bias = variable(normal(key(3), [4]))

const network = (x: Tensor, t: Tensor): Tensor => {
  const time = reshape(t, [-1, 1])
  const hidden = silu(add(matMul(concat([x, time], 1), w), bias))
  const norm = tile(mean(square(hidden), 1, true), [1, 4])
  return slice(div(hidden, add(norm, 1)), [0, 1], [-1, 2])
}
const energyScore = grad((x: Tensor, t: Tensor) => mul(sum(tanh(network(x, t)), 1), -1))
const image = (x: Tensor, t: Tensor): Tensor => {
  const y = conv2d(x, filter, { stride: 2, padding: 'same' })
  const [batch, height, width, channels] = y.shape as [number, number, number, number]
  const rows = reshape(relu(y), [batch, height * width, channels])
  const mixed = matMul(rows, rows, { transposeB: true })
  return add(mixed, mul(ones([batch, 1, height * width]), reshape(t, [-1, 1, 1])))
}

describe('toOnnx', () => {
  test('adds up batches of any size, whatever sizes it traced', async () => {
    for (const [axes, wanted] of [
      [0, 1],
      [undefined, 3],
    ] as const) {
      // biome-ignore format: pairs
      const bytes = await toOnnx((x: Tensor) => sum(x, axes, true), [zeros([1, 3])], { inputs: ['x'], outputs: ['y'] })
      const average = await toOnnx((x: Tensor) => mean(x, axes), [zeros([1, 3])], {
        inputs: ['x'],
        outputs: ['y'],
      })
      const running = await toOnnx((x: Tensor) => cumsum(x, 0), [zeros([1, 3])], {
        inputs: ['x'],
        outputs: ['y'],
      })
      for (const batch of [1, 97, 193, 1000]) {
        const x = ones([batch, 3])
        expect(new Set((await runModel(bytes, { x })).data as Float32Array)).toEqual(
          new Set([batch * wanted]),
        )
        expect(new Set((await runModel(average, { x })).data as Float32Array)).toEqual(new Set([1]))
        expect(((await runModel(running, { x })).data as Float32Array).at(-1)).toBe(batch)
      }
    }
  })

  test.each([
    ['a network', network, [2]],
    ['the gradient of an energy', energyScore, [2]],
    ['a convolution and attention', image, [6, 4, 2]],
  ] as const)('writes %s for every batch size', async (_, fn, row) => {
    const example = [zeros([1, ...row]), zeros([1])] as [Tensor, Tensor]
    const bytes = await toOnnx(fn, example, { inputs: ['x', 't'], outputs: ['y'] })
    for (const batch of [1, 2, 7]) {
      const x = normal(key(4), [batch, ...row])
      const t = normal(key(5), [batch])
      const wanted = fn(x, t)
      const got = await runModel(bytes, { x, t })
      expect(got.dims).toEqual(wanted.shape)
      const values = await wanted.data()
      const room = TOLERANCE * (1 + Math.max(...Array.from(values, Math.abs)))
      Array.from(got.data as Float32Array).forEach((value, i) => {
        expect(Math.abs(value - values[i]!)).toBeLessThan(room)
      })
    }
  })

  test('writes values that depend on the batch size for one size only', async () => {
    const centred = (x: Tensor): Tensor => mul(sub(x, mean(x, 0, true)), x.shape[0]!)
    await expect(toOnnx(centred, [zeros([3, 2])])).rejects.toThrow(
      /^toOnnx: expected a function that is the same at every batch size, got values.*read by Mul; batch: 'fixed'/,
    )
    const bytes = await toOnnx(centred, [zeros([3, 2])], { inputs: ['x'], outputs: ['y'], batch: 'fixed' })
    const x = normal(key(6), [3, 2])
    const wanted = await centred(x).data()
    Array.from((await runModel(bytes, { x })).data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5)
    })
    await expect(runModel(bytes, { x: normal(key(6), [4, 2]) })).rejects.toThrow(/dimension/)
    const unstacked = (x: Tensor): Tensor =>
      stack(Array.from({ length: x.shape[0]! }, (_, i) => slice(x, [i, 0], [1, 2])))
    await expect(toOnnx(unstacked, [zeros([3, 2])])).rejects.toThrow(/got other operators at other sizes/)
  })

  test('refuses what a file cannot hold', async () => {
    const x = zeros([2])
    const assign = (y: Tensor): Tensor => {
      bias.assign(zeros([4]))
      return y
    }
    await expect(toOnnx(assign, [x])).rejects.toThrow(
      /^toOnnx: expected a function that reassigns no variable/,
    )
    await expect(toOnnx((k) => normal(k, [2]), [key(0)])).rejects.toThrow(
      /^toOnnx: expected a function without draws/,
    )
    await expect(toOnnx((y: Tensor) => y, [x], { inputs: ['a', 'b'] })).rejects.toThrow(
      /^toOnnx: expected 1 different names in inputs, got \[a, b\]/,
    )
  })
})
