import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type BackendName, useBackend } from '../../backends'
import { repairWasmKernels } from '.'

interface Values {
  readonly shape: number[]
  readonly values: Float32Array | Int32Array
}

let suite: string

beforeAll(() => {
  suite = tf.getBackend()
})

afterAll(async () => {
  await useBackend(suite as BackendName)
})

type Shape4 = [number, number, number, number]

/** Whole numbers in [−4, 4]: all sums below 2²⁴ are exact in float32, in whichever order they are added. */
function integers(shape: number[], seed: number): Values {
  let state = seed
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * 9) - 4
  })
  return { shape, values }
}

async function run(backend: BackendName, kernel: string, inputs: Record<string, Values>, attrs: object) {
  await useBackend(backend)
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { values, shape }]) => [
      name,
      tf.tensor(values, shape, values instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
  const wasm = backend === 'wasm' ? (tf.backend() as unknown as { numDataIds(): number }) : undefined
  const held = wasm?.numDataIds()
  const out = tf.engine().runKernel(kernel, tensors, attrs as tf.NamedAttrMap) as tf.Tensor
  if (wasm) expect(wasm.numDataIds(), 'buffers left by the kernel').toBe(held! + 1)
  const result = { shape: out.shape, values: [...(await out.data())] }
  tf.dispose([tensors, out])
  return result
}

/** The WASM kernel gives exactly what the CPU kernel gives, on whole numbers. */
async function agree(kernel: string, inputs: Record<string, Values>, attrs: object): Promise<void> {
  const wasm = await run('wasm', kernel, inputs, attrs)
  const cpu = await run('cpu', kernel, inputs, attrs)
  expect(wasm.values.some((value) => value !== 0)).toBe(true)
  expect(wasm).toEqual(cpu)
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)
}

const flags = [false, true]

describe('matrix products', () => {
  const shapes: [a: number[], b: number[], m: number, k: number, n: number][] = [
    [[], [], 37, 29, 23],
    [[1], [1], 5, 3, 2],
    [[3], [3], 19, 17, 23],
    [[3], [1], 19, 17, 23],
    [[1], [3], 19, 17, 23],
    [[2, 3], [2, 3], 17, 33, 21],
    [[4], [4], 3, 2, 5],
  ]
  it.each(shapes)('BatchMatMul, batches %j and %j', async (outerA, outerB, m, k, n) => {
    for (const transposeA of flags) {
      for (const transposeB of flags) {
        const a = integers([...outerA, ...(transposeA ? [k, m] : [m, k])], 1)
        const b = integers([...outerB, ...(transposeB ? [n, k] : [k, n])], 2)
        await agree('BatchMatMul', { a, b }, { transposeA, transposeB })
      }
    }
  })

  it('pairs batches that broadcast both ways', async () => {
    const a = integers([2, 1, 17, 33], 3)
    const b = integers([3, 33, 19], 4)
    const both = await run('wasm', 'BatchMatMul', { a, b }, { transposeA: false, transposeB: false })
    expect(both.shape).toEqual([2, 3, 17, 19])
    for (const [i, j] of [
      [0, 2],
      [1, 0],
      [1, 2],
    ] as const) {
      const one = await run(
        'cpu',
        'BatchMatMul',
        {
          a: { shape: [17, 33], values: a.values.slice(i * 17 * 33, (i + 1) * 17 * 33) },
          b: { shape: [33, 19], values: b.values.slice(j * 33 * 19, (j + 1) * 33 * 19) },
        },
        { transposeA: false, transposeB: false },
      )
      const at = (i * 3 + j) * 17 * 19
      expect(both.values.slice(at, at + 17 * 19)).toEqual(one.values)
    }
  })

  it.each(flags)('_FusedMatMul, transposed, bias and relu; transposeA %s', async (transposeA) => {
    const a = integers(transposeA ? [1, 29, 37] : [1, 37, 29], 5)
    const b = integers([1, 23, 29], 6)
    const bias = integers([23], 7)
    await agree('_FusedMatMul', { a, b, bias }, { transposeA, transposeB: true, activation: 'relu' })
  })
})

type Case = [size: [number, number], window: [number, number], strides: [number, number], pad: unknown]

const cases: Case[] = [
  [[7, 9], [3, 3], [1, 1], 'same'],
  [[8, 6], [3, 3], [2, 2], 'same'],
  [[7, 9], [3, 2], [2, 3], 'same'],
  [[7, 9], [1, 1], [1, 1], 'valid'],
  [[8, 9], [1, 1], [2, 2], 'valid'],
  [[9, 8], [2, 2], [3, 3], 'valid'],
  [[6, 7], [4, 4], [2, 2], 1],
  [[5, 5], [5, 3], [1, 2], 'valid'],
  [[5, 6], [2, 2], [1, 1], 3],
  [[6, 5], [3, 3], [2, 2], 4],
  [[12, 12], [3, 3], [4, 4], 'same'],
  [[9, 10], [2, 1], [5, 3], 'same'],
  [
    [7, 8],
    [3, 3],
    [2, 1],
    [
      [0, 0],
      [2, 0],
      [0, 3],
      [0, 0],
    ],
  ],
]

describe('convolutions', () => {
  it.each(cases)('image %j window %j strides %j pad %j', async ([h, w], [fh, fw], strides, pad) => {
    const x = integers([3, h, w, 5], 17)
    const filter = integers([fh, fw, 5, 4], 18)
    const attrs = { strides, pad, dataFormat: 'NHWC', dilations: [1, 1], activation: 'linear' }
    for (const kernel of ['Conv2D', 'FusedConv2D']) await agree(kernel, { x, filter }, attrs)
    for (const kernel of ['DepthwiseConv2dNative', 'FusedDepthwiseConv2D'])
      await agree(kernel, { x, filter: integers([fh, fw, 5, 2], 19) }, attrs)
  })
})

describe('NaN and infinities', () => {
  const held = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const withOne = (shape: number[], seed: number, value: number, at: number): Values => {
    const { values } = integers(shape, seed)
    return { shape, values: Float32Array.from(values, (x, i) => (i === at ? value : x)) }
  }
  const attrs = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] }

  it.each(held)('stay where they belong in gradients of convolutions: %f', async (value) => {
    const [inputShape, filterShape] = [[1, 6, 6, 3] as Shape4, [3, 3, 3, 2] as Shape4]
    const dy = integers([1, 3, 3, 2], 20)
    const filter = integers(filterShape, 21)
    const x = withOne(inputShape, 22, value, 40)
    await agree('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape })
    await agree(
      'Conv2DBackpropInput',
      { dy, filter: withOne(filterShape, 21, value, 7) },
      { ...attrs, inputShape },
    )
    await agree(
      'Conv2DBackpropInput',
      { dy: withOne([1, 3, 3, 2], 20, value, 9), filter },
      { ...attrs, inputShape },
    )
  })

  it.each(held)('pass through fused kernels: %f', async (value) => {
    const x = withOne([1, 5, 5, 2], 23, value, 24)
    for (const activation of ['relu', 'relu6']) {
      await agree('FusedConv2D', { x, filter: integers([3, 3, 2, 3], 24) }, { ...attrs, activation })
      const a = withOne([1, 4, 3], 25, value, 5)
      const products = { transposeA: false, transposeB: false, activation }
      await agree('_FusedMatMul', { a, b: integers([1, 3, 4], 26) }, products)
    }
  })
})

describe('convolution gradients', () => {
  it.each(cases)('2-D, image %j window %j strides %j pad %j', async ([h, w], [fh, fw], strides, pad) => {
    const [batch, channels, outChannels] = [3, 5, 4]
    const inputShape: Shape4 = [batch, h, w, channels]
    const filterShape: Shape4 = [fh, fw, channels, outChannels]
    const { outShape } = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad as 'same')
    const dy = integers(outShape, 8)
    const attrs = { strides, pad, dataFormat: 'NHWC' }
    await agree('Conv2DBackpropInput', { dy, filter: integers(filterShape, 9) }, { ...attrs, inputShape })
    await agree('Conv2DBackpropFilter', { dy, x: integers(inputShape, 10) }, { ...attrs, filterShape })
  })

  it.each(cases)(
    'depthwise, image %j window %j strides %j pad %j',
    async ([h, w], [fh, fw], strides, pad) => {
      for (const multiplier of [1, 3]) {
        const inputShape: Shape4 = [2, h, w, 5]
        const filterShape: Shape4 = [fh, fw, 5, multiplier]
        const { outShape } = tf.backend_util.computeConv2DInfo(
          inputShape,
          filterShape,
          strides,
          1,
          pad as 'same',
          undefined,
          true,
        )
        const dy = integers(outShape, 11)
        const attrs = { strides, pad, dilations: [1, 1] }
        const [x, filter] = [integers(inputShape, 12), integers(filterShape, 13)]
        await agree('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attrs, inputShape })
        await agree('DepthwiseConv2dNativeBackpropFilter', { dy, x }, { ...attrs, filterShape })
      }
    },
  )

  it('depthwise with dilation: adjoints of the forward kernel, whose CPU counterparts leave the dilation out', async () => {
    const inputShape: Shape4 = [2, 9, 10, 3]
    const filterShape: Shape4 = [3, 2, 3, 2]
    const attrs = { strides: [1, 1], pad: 'same', dilations: [2, 3] }
    const [x, filter] = [integers(inputShape, 14), integers(filterShape, 15)]
    const y = await run('wasm', 'DepthwiseConv2dNative', { x, filter }, attrs)
    const dy = integers(y.shape, 16)
    const dx = await run(
      'wasm',
      'DepthwiseConv2dNativeBackpropInput',
      { dy, filter },
      { ...attrs, inputShape },
    )
    const dw = await run('wasm', 'DepthwiseConv2dNativeBackpropFilter', { dy, x }, { ...attrs, filterShape })
    expect(dot(dx.values, x.values)).toBe(dot(y.values, dy.values))
    expect(dot(dw.values, filter.values)).toBe(dot(y.values, dy.values))
  })
})

describe('UnsortedSegmentSum', () => {
  it('adds slices by id, leaves ids out of range out and empty segments at 0', async () => {
    const segmentIds = { shape: [6], values: Int32Array.of(2, 0, 2, 4, -1, 7) }
    for (const rest of [[], [3], [2, 5]]) {
      await agree('UnsortedSegmentSum', { x: integers([6, ...rest], 14), segmentIds }, { numSegments: 5 })
    }
  })

  it('is the gradient of gather', async () => {
    await useBackend('wasm')
    const gradient = tf.tidy(() => {
      const at = tf.tensor1d([1, 1, 3], 'int32')
      return tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.gather(x, at), tf.tensor2d([[1], [10], [100]]))))(
        tf.ones([4, 1]),
      )
    })
    expect([...(await gradient.data())]).toEqual([0, 11, 0, 100])
    gradient.dispose()
  })
})

describe('repairWasmKernels', () => {
  it('changes nothing the second time', async () => {
    await useBackend('wasm')
    const names = ['BatchMatMul', '_FusedMatMul', 'Conv2DBackpropInput', 'UnsortedSegmentSum']
    const before = names.map((name) => tf.getKernel(name, 'wasm').kernelFunc)
    repairWasmKernels()
    expect(names.map((name) => tf.getKernel(name, 'wasm').kernelFunc)).toEqual(before)
  })
})

test.each([
  ['of floats', new Float32Array([-2.5])],
  ['of integers', new Int32Array([7])],
])('Tile of one entry, %s', async (_kind, values) => {
  await agree('Tile', { x: { shape: [1, 1], values } }, { reps: [3, 5] })
})

describe('a kernel of nothing', () => {
  it('Select writes nothing, whatever the size of the condition', async () => {
    await useBackend('wasm')
    const backend = tf.backend() as BackendWasm
    const taken = backend.makeOutput([3], 'float32', undefined, new Float32Array([41, 42, 43]))
    const { memoryOffset } = backend.dataIdMap.get(taken.dataId)
    const nothing = backend.makeOutput([0, 3], 'float32', memoryOffset)
    const condition = backend.makeOutput([1, 3], 'bool', undefined, new Uint8Array([1, 1, 1]))
    const { kernelFunc } = tf.getKernel('Select', 'wasm')
    const out = kernelFunc({
      inputs: { condition, t: nothing, e: nothing },
      attrs: {},
      backend,
    }) as tf.TensorInfo
    expect(out.shape).toEqual([0, 3])
    expect([...backend.typedArrayFromHeap({ ...out, shape: [3] })]).not.toEqual([41, 42, 43])
    for (const { dataId } of [taken, condition, out]) backend.disposeData(dataId)
    backend.wasm.tfjs.disposeData(backend.dataIdMap.get(nothing.dataId).id)
    backend.dataIdMap.delete(nothing.dataId)
  })
})
