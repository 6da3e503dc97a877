import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { key, mul, normal, type Tensor, tanh, tensor, uniform, zeros } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, test } from 'vitest'
import { fromOnnx, toOnnx } from '../index'

const model = readFileSync(new URL('../../fixtures/gaussian-score.onnx', import.meta.url))

describe('fromOnnx', () => {
  test('computes the score that a model from elsewhere holds, at any batch size', async () => {
    const score = await fromOnnx(model, { x: 'sample', t: 'time', threads: 1 })
    for (const batch of [1, 6]) {
      const x = normal(key(0), [batch, 2])
      const t = uniform(key(1), [batch])
      const y = await expectNoLeaks(async () => score(x, t))
      expect(y.shape).toEqual([batch, 2])
      const [xs, ts, ys] = [await x.data(), await t.data(), await y.data()]
      ys.forEach((value, i) => {
        const variance = 0.25 + (0.01 * 1000 ** ts[i >> 1]!) ** 2
        // Float32 rounding of six operators, the exponential's argument up to 14.
        expect(Math.abs(value - ([1, -2][i % 2]! - xs[i]!) / variance)).toBeLessThan(3e-5)
      })
    }
    await score.dispose()
  })

  test('reads what toOnnx writes', async () => {
    const fn = (x: Tensor): Tensor => tanh(mul(x, 2))
    const score = await fromOnnx(await toOnnx(fn, [zeros([1, 3])]))
    const x = normal(key(2), [4, 3])
    const [got, wanted] = [await (await score(x, zeros([4]))).data(), await fn(x).data()]
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5)
    })
    await score.dispose()
  })

  test('says what does not fit', async () => {
    await expect(fromOnnx(new Uint8Array([1, 2, 3]))).rejects.toThrow(
      /^fromOnnx: expected a model that ONNX Runtime can run/,
    )
    await expect(fromOnnx(model, { x: 'y' })).rejects.toThrow(
      'fromOnnx: expected x: an input of the model (sample, time), got y',
    )
    const lacking = await fromOnnx(model, { x: 'time', t: 'time' })
    await expect(lacking(zeros([1, 1]), zeros([1]))).rejects.toThrow(
      'fromOnnx: expected among inputs sample float32 [batch, 2], got none',
    )
    await lacking.dispose()
    const three = await toOnnx((x: Tensor, t: Tensor) => mul(x, t), [zeros([2, 1, 1]), zeros([2, 1, 1])])
    await expect(fromOnnx(three)).rejects.toThrow(
      'fromOnnx: expected a time input of rank 0, 1 or 2, got rank 3',
    )
    await expect(fromOnnx(model, { threads: 0 })).rejects.toThrow(
      'fromOnnx: expected threads to be an integer >= 1, got 0',
    )
    const score = await fromOnnx(model)
    await expect(score(tensor([[1, 2]]), zeros([2]))).rejects.toThrow(
      'fromOnnx: expected times of shape [1], got [2]',
    )
    await score.dispose()
  })
})

const field = (name: string) => readFileSync(new URL(`../../fixtures/field-${name}`, import.meta.url))
const values = async (x: Tensor | Promise<Tensor>) => Array.from(await (await x).data())
/** Two images of two channels, channels last: 0, 1, 2, … */
const images = () =>
  tensor(
    Float32Array.from({ length: 24 }, (_, i) => i),
    [2, 3, 2, 2],
  )

describe('fromOnnx of models of the field', () => {
  test('feeds integer steps, text embeddings and channels in the model’s order', async () => {
    const unet = await fromOnnx(field('text.onnx'), { threads: 1 })
    expect(unet.inputs).toEqual([
      { name: 'encoder_hidden_states', type: 'float32', shape: ['batch', 'sequence', 3] },
    ])
    const x = images()
    const t = tensor([500, 500])
    const encoder_hidden_states = tensor([[[1, 2, 3]], [[4, 5, 6]]])
    const y = await expectNoLeaks(() => unet(x, t, { encoder_hidden_states }))
    expect(y.shape).toEqual(x.shape)
    // x · 500/1000 and the mean of the row's states
    expect(await values(y)).toEqual((await values(x)).map((v, i) => v / 2 + (i < 12 ? 2 : 5)))
    // steps in between are rounded
    const between = unet(x, tensor([249.6, 249.6]), { encoder_hidden_states })
    expect((await values(between))[1]).toBeCloseTo(0.25 + 2, 6)
    await unet.dispose()
  })

  test('takes inputs once, a row for all, and those of a call over them', async () => {
    const encoder_hidden_states = tensor([[[0, 3, 0], [0, 3, 0]]]) // biome-ignore format: one row
    const unet = await fromOnnx(field('text.onnx'), { threads: 1, inputs: { encoder_hidden_states } })
    const [x, t] = [images(), tensor([0, 0])]
    expect(await values(unet(x, t))).toEqual(Array(24).fill(1))
    const other = { encoder_hidden_states: tensor([[[6, 6, 6]]]) }
    expect(await values(unet(x, t, other))).toEqual(Array(24).fill(6))
    await unet.dispose()
  })

  test('guides by one call on both conditions', async () => {
    const unet = await fromOnnx(field('text.onnx'), { threads: 1 })
    const conditional = { encoder_hidden_states: tensor([[[3, 3, 3]], [[5, 5, 5]]]) }
    const unconditional = { encoder_hidden_states: tensor([[[1, 1, 1]]]) }
    const [x, t] = [images(), tensor([1000, 1000])]
    const plain = unet.guided({ conditional, unconditional, scale: 2 })
    // u + 2 (c − u) of u = x + 1 and c = x + 3 or x + 5
    const y = await expectNoLeaks(() => plain(x, t))
    expect(await values(y)).toEqual((await values(x)).map((v, i) => v + (i < 12 ? 5 : 9)))
    // a scale of x alone changes no deviation: c and the guided one differ by a constant in each row
    const rescaled = unet.guided({ conditional, unconditional, scale: 2, rescale: 1 })
    for (const [i, v] of (await values(rescaled(x, t))).entries())
      expect(v).toBeCloseTo((await values(y))[i]!, 4)
    expect(() => unet.guided({ conditional, unconditional: {} })).toThrow(
      'fromOnnx: expected unconditional inputs encoder_hidden_states, got none',
    )
    expect(() => unet.guided({ conditional, unconditional, rescale: 2 })).toThrow(
      /^fromOnnx: expected rescale/,
    )
    await unet.dispose()
  })

  test('computes in float16, and gives float32', async () => {
    const unet = await fromOnnx(field('half.onnx'), { threads: 1 })
    const x = tensor([[[[0.5, -2], [1, 4]]], [[[8, 0.1], [0, 3]]]]) // biome-ignore format: images
    const y = await unet(x, tensor([1000, 500]), { encoder_hidden_states: tensor([[[1, 1, 1]]]) })
    expect(y.dtype).toBe('float32')
    // 0.1 and its half in float16
    const tenth = 1638.4 / 16384
    const wanted = [1.5, -1, 2, 5, 5, 1 + tenth / 2, 1, 2.5]
    for (const [i, v] of (await values(y)).entries()) expect(Math.abs(v - wanted[i]!)).toBeLessThan(1e-3)
    expect((await values(y))[0]).toBe(1.5)
    await unet.dispose()
  })

  test('computes in float32 what a model of bfloat16 asks for, its files beside it or given', async () => {
    const [x, t] = [images(), tensor([1000, 500])]
    const encoder_hidden_states = tensor([[[1, 2, 3]]])
    // −(x · t/1000 + 2 + 0.5 + 0.25)
    const wanted = (await values(x)).map((v, i) => -(i < 12 ? v : v / 2) - 2.75)
    const path = fileURLToPath(new URL('../../fixtures/field-brain.onnx', import.meta.url))
    const externalData = [{ path: 'field-brain.bin', data: new Uint8Array(field('brain.bin')) }]
    for (const source of [path, field('brain.onnx')]) {
      const unet = await fromOnnx(source, { threads: 1, ...(source !== path && { externalData }) })
      expect(unet.inputs[0]!.type).toBe('float32')
      const y = unet(x, t, { encoder_hidden_states })
      expect(await values(y)).toEqual(wanted)
      await unet.dispose()
    }
    await expect(fromOnnx(field('brain.onnx'))).rejects.toThrow(
      'fromOnnx: expected externalData field-brain.bin, got none',
    )
  })

  test('reads weights of other files, and splits a learned variance off', async () => {
    const externalData = [{ path: 'field-learned.bin', data: new Uint8Array(field('learned.bin')) }]
    const options = { threads: 1, externalData, channels: 'first' } as const
    const x = tensor(
      Float32Array.from({ length: 64 }, (_, i) => i / 8),
      [2, 4, 4, 2],
    )
    const [t, class_labels] = [tensor([7, 7]), tensor([10, 20], [2], 'int32')]
    const dropping = await fromOnnx(field('learned.onnx'), { ...options, variance: 'drop' })
    const prediction = await dropping(x, t, { class_labels })
    expect(prediction.shape).toEqual([2, 4, 4, 2])
    const wanted = (await values(x)).map((v, i) => 3 * v + (i < 32 ? 10 : 20))
    expect(await values(prediction)).toEqual(wanted)
    const keeping = await fromOnnx(field('learned.onnx'), { ...options, variance: 'keep' })
    const both = await keeping(x, t, { class_labels })
    expect(both.shape).toEqual([2, 4, 4, 4])
    expect((await values(both)).slice(0, 4)).toEqual([10, 10.375, 0, 0.0625])
    // one number stands in every row
    expect((await values(dropping(x, t, { class_labels: 20 }))).slice(32)).toEqual(wanted.slice(32))
    await expect(dropping(x, tensor([1, 2]), { class_labels })).rejects.toThrow(
      'fromOnnx: expected one time for all rows, as timestep takes, got [1, 2]',
    )
    await Promise.all([dropping.dispose(), keeping.dispose()])
  })

  test('says what the model wants', async () => {
    const unet = await fromOnnx(field('text.onnx'), { threads: 1 })
    const [x, t] = [images(), tensor([1, 1])]
    await expect(unet(x, t)).rejects.toThrow(
      'fromOnnx: expected among inputs encoder_hidden_states float32 [batch, sequence, 3], got none',
    )
    await expect(unet(x, t, { encoder_hidden_states: zeros([1, 7, 4]) })).rejects.toThrow(
      'fromOnnx: expected encoder_hidden_states of shape [1, 7, 3], got [1, 7, 4]',
    )
    await expect(unet(x, t, { text: zeros([1]) })).rejects.toThrow(
      'fromOnnx: expected inputs beside x and t (encoder_hidden_states float32 [batch, sequence, 3]), got text',
    )
    await expect(fromOnnx(field('text.onnx'), { variance: 'split' as 'drop' })).rejects.toThrow('fromOnnx: expected variance') // biome-ignore format: call
    await expect(
      fromOnnx(field('text.onnx'), { externalData: [{ path: 'a', data: 5 as never }] }),
    ).rejects.toThrow(/^fromOnnx: expected externalData a/)
    await unet.dispose()
  })
})
