import {
  add,
  compile,
  dispose,
  type Key,
  key,
  mean,
  mul,
  type NamedTensors,
  normal,
  rademacher,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  tensorsIn,
  uniform,
  useBackend,
  type Variable,
  valueAndGrad,
  variable,
  zeros,
} from '@sgm/tensor'
import { type Draw, hostValues } from '@sgm/tensor/compile'
import { expectNear } from '@sgm/tensor/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openGpu } from './index'
import { eagerBytes, gpuOfFile } from './testing'

const gpu = await gpuOfFile()

afterEach(() => vi.restoreAllMocks())

const values = async (x: Tensor): Promise<number[]> => [...(await x.data())]

describe('a compiled function', () => {
  test('takes tensors of the device and gives tensors of the device; nothing is read', async () => {
    const { a, b } = { a: tensor([1, 2, 3]), b: tensor([4, 5, 6]) }
    const f = compile((a: Tensor, b: Tensor) => [add(a, b), mul(a, b)], { executor: gpu.executor() })
    await f(a, b)
    const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
    let [x, y] = (await f(a, b)) as [Tensor, Tensor]
    for (let i = 0; i < 3; i++) [x, y] = (await f(x, y)) as [Tensor, Tensor]
    expect(read).not.toHaveBeenCalled()
    expect(await values(x)).toEqual([209, 1277, 4563])
    expect(read).toHaveBeenCalledTimes(1)
    await f.dispose()
  })

  test('is one command buffer a call, whose results kernels put where the caller finds them', async () => {
    const [x, k] = [normal(key(0), [100]), key(1)]
    const f = compile((x: Tensor, k: Key) => [square(x), x, normal(k, [100]), mean(x)], {
      executor: gpu.executor(),
    })
    dispose(tensorsIn(await f(x, k)))
    const submit = vi.spyOn(GPUQueue.prototype, 'submit')
    const copy = vi.spyOn(GPUCommandEncoder.prototype, 'copyBufferToBuffer')
    const [squares, same, drawn, average] = (await f(x, k)) as [Tensor, Tensor, Tensor, Tensor]
    expect(submit).toHaveBeenCalledTimes(1)
    // Small values are in one buffer, from which they are copied.
    expect(copy).toHaveBeenCalledTimes(1)
    const wanted = await values(x)
    await expectNear(
      squares,
      Float32Array.from(wanted, (value) => value ** 2),
      1e-6,
    )
    expect(await values(same)).toEqual(wanted)
    await expectNear(drawn, hostValues({ kind: 'normal', key: k, shape: [100] }), 3e-6)
    await expectNear(average, [wanted.reduce((a, b) => a + b) / 100], 1e-6)
    await f.dispose()
  })

  test('shares its kernels with those that differ in sizes and numbers alone', async () => {
    const scaled = async (factor: number, rows: number, columns: number) => {
      const before = gpu.usage.pipelines
      const f = compile((x: Tensor) => mean(square(mul(x, factor)), 1), { executor: gpu.executor() })
      const x = tensor(new Float32Array(rows * columns).fill(1), [rows, columns])
      expect(await values(await f(x))).toEqual(new Array(rows).fill(factor ** 2))
      await f.dispose()
      return gpu.usage.pipelines - before
    }
    expect(await scaled(2, 4, 100)).toBe(1)
    expect(await scaled(3, 6, 90)).toBe(0)
  })

  test('takes tensors of other backends, and gives tensors of the one in use', async () => {
    await useBackend('wasm')
    const f = compile((x: Tensor) => square(x), { executor: gpu.executor() })
    const y = await f(tensor([1, -2]))
    expect(await values(add(y, 1))).toEqual([2, 5])
    await useBackend('webgpu')
    expect(await values(add(await f(tensor([3, 4])), 1))).toEqual([10, 17])
    await f.dispose()
  })

  test('knows tensors from outside', async () => {
    const table = add(tensor([1, 2, 3, 4]), 1)
    const f = compile((x: Tensor) => mul(x, table), { executor: gpu.executor() })
    expect(await values(await f(tensor([1, 10, 100, 1000])))).toEqual([2, 30, 400, 5000])
    await f.dispose()
  })

  test('keeps its variables on the device', async () => {
    const start = Array.from({ length: 200 }, (_, i) => i / 100)
    const [w, eager] = [variable(tensor(start)), variable(tensor(start))]
    const stepOf = (w: Variable) => (x: Tensor) => {
      const loss = (p: NamedTensors): Tensor => mean(square(sub(tanh(mul(p.w!, x)), 0.5)))
      const { value, gradient } = valueAndGrad<NamedTensors, []>(loss)({ w })
      w.assign(sub(w, mul(gradient.w!, 10)))
      return value
    }
    const step = compile(stepOf(w), { executor: gpu.executor() })
    const x = tensor(start.map((v) => Math.cos(v)))
    for (let i = 0; i < 5; i++) await expectNear(await step(x), stepOf(eager)(x))
    await step.pullVariables()
    await expectNear(w, eager)
    w.assign(tensor(start))
    eager.assign(tensor(start))
    await step.pushVariables()
    await expectNear(await step(x), stepOf(eager)(x))
    await step.dispose()
    dispose([w, eager])
  })

  test('frees what it held', async () => {
    const before = gpu.usage
    const w = variable(normal(key(0), [100]))
    const f = compile(
      (x: Tensor, k: Key) => {
        w.assign(add(w, normal(k, [100])))
        return [mul(w, x), tanh(x)]
      },
      { executor: gpu.executor() },
    )
    for (let i = 0; i < 3; i++)
      for (const y of (await f(normal(key(1), [100]), key(i))) as Tensor[]) y.dispose()
    expect(gpu.usage.buffers).toBeGreaterThan(before.buffers)
    await f.dispose()
    w.dispose()
    expect(gpu.usage).toMatchObject({ buffers: before.buffers, bytes: before.bytes })
  })
})

test('two thousand steps of a function with state and noise have the memory of the first hundred, and go where they should', async () => {
  const before = gpu.usage
  const w = variable(zeros([4]))
  const step = compile(
    (k: Key) => {
      w.assign(add(mul(w, 0.5), normal(k, [4])))
      return sum(w)
    },
    { executor: gpu.executor() },
  )
  const used = new Set<string>()
  for (let i = 1; i <= 2_000; i++) {
    const total = await step(key(i))
    if (i % 100 === 0) used.add(JSON.stringify([gpu.usage.buffers, gpu.usage.bytes, eagerBytes()]))
    total.dispose()
  }
  expect(used.size).toBe(1)
  await step.pullVariables()
  // Of the noise before these forty, 2⁻⁴⁰ is left.
  let wanted = zeros([4])
  for (let i = 1_961; i <= 2_000; i++) wanted = add(mul(wanted, 0.5), normal(key(i), [4]))
  await expectNear(w, wanted, 1e-5)
  await step.dispose()
  w.dispose()
  expect(gpu.usage).toMatchObject({ buffers: before.buffers, bytes: before.bytes })
})

const draws: readonly (readonly [string, (k: Key) => Tensor, (k: Key) => Draw])[] = [
  ['normal', (key) => normal(key, [7, 13]), (key) => ({ kind: 'normal', key, shape: [7, 13] })],
  [
    'uniform',
    (key) => uniform(key, [5, 3]),
    (key) => ({ kind: 'uniform', key, shape: [5, 3], low: 0, high: 1 }),
  ],
  [
    'uniform in an interval',
    (key) => uniform(key, [90], { low: -2, high: 3 }),
    (key) => ({ kind: 'uniform', key, shape: [90], low: -2, high: 3 }),
  ],
  ['rademacher', (key) => rademacher(key, [3, 150]), (key) => ({ kind: 'rademacher', key, shape: [3, 150] })],
]

describe.each(draws)('%s', (kind, draw, onHost) => {
  test('is made on the device, as on the host', async () => {
    const f = compile((k: Key) => draw(k), { executor: gpu.executor() })
    for (const seed of [0, 1, 2 ** 40 + 7]) {
      const wanted = hostValues(onHost(key(seed)))
      const room = kind === 'rademacher' ? 0 : 3e-6
      const read = vi.spyOn(GPUQueue.prototype, 'writeBuffer')
      const [eager, compiled] = [draw(key(seed)), await f(key(seed))]
      // Keys alone go to the device.
      for (const [, , data] of read.mock.calls)
        expect((data as Uint32Array).byteLength).toBeLessThanOrEqual(512)
      await expectNear(eager, wanted, room)
      await expectNear(compiled, wanted, room)
    }
    await f.dispose()
  })
})

test('10 000 normals are within 3e-6 of the host', async () => {
  const wanted = hostValues({ kind: 'normal', key: key(3), shape: [100, 100] })
  const got = await values(normal(key(3), [100, 100]))
  expect(Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(3e-6)
})

describe('a device that is lost', () => {
  test('fails what runs on it, with the reason, and what it held can go on elsewhere', async () => {
    const other = await openGpu()
    const w = variable(tensor([1, 2, 3]))
    const step = (x: Tensor): Tensor => {
      w.assign(add(w, x))
      return square(w)
    }
    const compiled = compile(step, { executor: other.executor() })
    await compiled(tensor([1, 1, 1]))
    await compiled.pullVariables()
    other.device.destroy()
    await other.lost
    await expect(compiled(tensor([1, 1, 1]))).rejects.toMatchObject({ name: 'GpuLostError' })
    const resumed = compile(step, { executor: gpu.executor() })
    expect(await values(await resumed(tensor([1, 1, 1])))).toEqual([9, 16, 25])
    await resumed.dispose()
    w.dispose()
  })
})
