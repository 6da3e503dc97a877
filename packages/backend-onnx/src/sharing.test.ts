import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  add,
  compile,
  conv2d,
  dispose,
  key,
  mean,
  mul,
  normal,
  relu,
  slice,
  square,
  sub,
  type Tensor,
  valueAndGrad,
  variable,
} from '@sgm/tensor'
import { flattenArguments, traceToGraph } from '@sgm/tensor/compile'
import { expectNear } from '@sgm/tensor/testing'
import { expect, test } from 'vitest'
import { onnx } from './index'
import { toModel } from './model'
import { cores } from './platform/cores'
import { crewOf, Member } from './platform/crew'
import { settingsOf } from './runtime'
import { Sharing } from './sharing'
import { inChild } from './testing/child'

const filter = normal(key(0), [3, 3, 32, 32])
const x = normal(key(1), [16, 32, 32, 32])
/** Float32 rounding of some hundred terms. */
const TOLERANCE = 1e-5

const never = { name: 'never', load: () => Promise.reject(new Error('no rest')) }

async function isShared(fn: (x: Tensor) => Tensor, of: Tensor, options: Parameters<typeof onnx>[0]) {
  const { graph } = await traceToGraph(fn, flattenArguments('x', [of]))
  const sharing = new Sharing(options ?? {}, async (one) => toModel(one), never)
  const executable = await sharing.load(graph, [], undefined)
  await executable?.dispose()
  return executable !== undefined
}

const convolve = (image: Tensor): Tensor => relu(conv2d(image, filter, { padding: 'same' }))

test('convolutions of many images are shared, by as many threads as divide the batch', async () => {
  expect(await isShared(convolve, x, { threads: 2 })).toBe(true)
  expect(await isShared(convolve, x, { threads: 6 })).toBe(true)
  expect(await isShared(convolve, x, { threads: 1 })).toBe(false)
  expect(await isShared(convolve, x, { threads: 3 })).toBe(false)
  expect(await isShared(convolve, x, { threads: 2, runtime: 'web' })).toBe(false)
})

test('what takes no longer than to share it stays whole', async () => {
  const few = slice(x, [0, 0, 0, 0], [4, 32, 32, 32])
  expect(await isShared(convolve, few, { threads: 2 })).toBe(false)
  expect(await isShared((image) => mul(image, 2), x, { threads: 2 })).toBe(false)
  dispose(few)
})

test('examples that depend on each other stay whole', async () => {
  const centred = (image: Tensor): Tensor => sub(convolve(image), mean(convolve(image), 0, true))
  expect(await isShared(centred, x, { threads: 2 })).toBe(false)
})

test('every batch size has the rows that one thread makes', async () => {
  const w = variable(filter)
  const fn = (image: Tensor): Tensor => relu(conv2d(image, w, { padding: 'same' }))
  const [alone, shared] = [
    compile(fn, { executor: onnx({ threads: 1 }) }),
    compile(fn, { executor: onnx({ threads: 2 }) }),
  ]
  for (const size of [16, 15, 14, 16]) {
    const part = slice(x, [0, 0, 0, 0], [size, 32, 32, 32])
    await expectNear(await shared(part), await alone(part), TOLERANCE, 'largest')
    dispose(part)
  }
  await Promise.all([alone.dispose(), shared.dispose()])
})

test('steps of training are those of one thread, state and all', async () => {
  const make = (threads: number) => {
    const w = variable(filter)
    const step = (image: Tensor): Tensor => {
      const loss = ({ p }: { p: Tensor }): Tensor =>
        mean(square(add(conv2d(image, p, { padding: 'same' }), image)))
      const { value, gradient } = valueAndGrad(loss)({ p: w })
      w.assign(sub(w, mul(gradient.p, 0.1)))
      return value
    }
    return { w, step: compile(step, { executor: onnx({ threads }) }) }
  }
  const [alone, shared] = [make(1), make(2)]
  for (let i = 0; i < 3; i++)
    await expectNear(await shared.step(x), await alone.step(x), TOLERANCE, 'largest')
  await Promise.all([alone.step.pullVariables(), shared.step.pullVariables()])
  await expectNear(shared.w, alone.w, TOLERANCE, 'largest')
  await Promise.all([alone.step.dispose(), shared.step.dispose()])
})

test('the same numbers of threads give the same bits', async () => {
  const bits: Float32Array[] = []
  for (let i = 0; i < 2; i++) {
    const compiled = compile(convolve, { executor: onnx({ threads: 2 }) })
    bits.push((await (await compiled(x)).data()) as Float32Array)
    await compiled.dispose()
  }
  expect(Buffer.compare(Buffer.from(bits[0]!.buffer), Buffer.from(bits[1]!.buffer))).toBe(0)
})

test('what fails in a thread fails here, and the thread goes on', async () => {
  const crew = await crewOf(2)
  await expect(crew.open(Uint8Array.of(1, 2, 3), settingsOf(), [])).rejects.toThrow(/protobuf/i)
  expect(await isShared(convolve, x, { threads: 2 })).toBe(true)
})

test('a thread that ends says so, to those that wait and to those that come later', async () => {
  let ends = 0
  const member = new Member(new Worker('setTimeout(() => process.exit(3))', { eval: true }), () => ends++)
  const release = { kind: 'release', session: 0 } as const
  for (let i = 0; i < 2; i++) await expect(member.do(release)).rejects.toThrow('has ended (3)')
  expect(ends).toBe(1)
})

test('cores are counted as ONNX Runtime does', async () => {
  const count = await cores()
  expect(count).toBeGreaterThanOrEqual(1)
  expect(count).toBeLessThanOrEqual(availableParallelism())
})

test('threads let the process end', async () => {
  expect((await inChild({ module: 'shared.ts' })).stdout).toBe('16,32,32,32\n')
})
