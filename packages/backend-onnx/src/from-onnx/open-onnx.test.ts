import { fileURLToPath } from 'node:url'
import { add, dispose, mul, ones, slice, type Tensor, tensor, zeros } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { expect, test } from 'vitest'
import { fromOnnx, openOnnx, toOnnx } from '../index'

const fixture = (name: string): URL => new URL(`../../fixtures/${name}`, import.meta.url)

test('runs a model of several inputs and outputs by their names', async () => {
  const both = (x: Tensor, y: Tensor) => ({ sum: add(x, y), twice: mul(y, 2) })
  const bytes = await toOnnx(both, [zeros([1, 2]), zeros([1, 2])], { inputs: ['x', 'y'] })
  const model = await openOnnx(bytes, { threads: 1 })
  expect(model.inputs.map(({ name }) => name)).toEqual(['x', 'y'])
  const [x, y] = [tensor([[1, 2], [3, 4]]), tensor([[10, 20]])] // biome-ignore format: rows
  const outputs = await expectNoLeaks(() => model.run({ x, y }))
  const names = model.outputs.map(({ name }) => name)
  expect(Object.keys(outputs)).toEqual(names)
  // one row serves all of a batch
  expect([...(await outputs[names[0]!]!.data())]).toEqual([11, 22, 13, 24])
  expect([...(await outputs[names[1]!]!.data())]).toEqual([20, 40, 20, 40])
  const one = await model.run({ x, y }, [names[1]!])
  expect(Object.keys(one)).toEqual([names[1]])
  dispose([outputs, one])
  await expect(model.run({ x })).rejects.toThrow('openOnnx: expected among inputs y float32')
  await expect(model.run({ x, y, z: 1 })).rejects.toThrow('openOnnx: expected inputs x float32')
  await expect(model.run({ x, y }, ['other'])).rejects.toThrow('openOnnx: expected outputs')
  await model.dispose()
})

test('opens a file by its path, with the weights beside it', async () => {
  const path = fileURLToPath(fixture('field-learned.onnx'))
  const score = await fromOnnx(path, { channels: 'first', variance: 'drop', threads: 1 })
  const [x, t] = [ones([2, 4, 4, 2]), tensor([7, 7])]
  const y = await score(x, t, { class_labels: tensor([10, 20]) })
  expect([...(await y.data())]).toEqual(Array.from({ length: 64 }, (_, i) => (i < 32 ? 13 : 23)))
  dispose([x, t, y])
  await score.dispose()
  await expect(openOnnx('/nowhere.onnx')).rejects.toThrow(
    'openOnnx: expected a model that ONNX Runtime can run, got /nowhere.onnx',
  )
  await expect(openOnnx('')).rejects.toThrow('openOnnx: expected a path or a URL as bytes, got nothing')
})

test('takes channels after those of x, and inputs that a guided batch shares', async () => {
  const first = (x: Tensor, count: number, from = 0) => slice(x, [0, from], [-1, count])
  const bytes = await toOnnx(
    (x: Tensor, t: Tensor, c: Tensor, s: Tensor) =>
      add(add(mul(first(x, 2), c), first(x, 1, 2)), add(mul(t, 0), s)),
    [zeros([1, 3]), zeros([1, 1]), zeros([1, 1]), zeros([1, 1])],
    { inputs: ['sample', 'timestep', 'c', 's'] },
  )
  const score = await fromOnnx(bytes, { threads: 1 })
  const sample = tensor([[100]])
  const guided = score.guided({
    conditional: { c: tensor([[2]]), sample },
    unconditional: { c: tensor([[1]]), sample },
    shared: { s: 5 },
    scale: 3,
  })
  const [x, t] = [tensor([[1, 2], [3, 4]]), ones([2])] // biome-ignore format: rows
  const y = await expectNoLeaks(() => guided(x, t))
  // u + 3 (c − u) of u = x + 105 and c = 2 x + 105
  expect([...(await y.data())]).toEqual([109, 113, 117, 121])
  await expect(score(x, t, { c: 1, s: 1, sample: zeros([3, 1]) })).rejects.toThrow(
    'fromOnnx: expected what follows the channels of x',
  )
  await expect(score(x, t, { c: 1, s: 1, sample: 3 })).rejects.toThrow('a tensor that follows the channels')
  await score.dispose()
})
