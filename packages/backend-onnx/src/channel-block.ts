import { callOf, type Graph, type Value } from '@sgm/tensor/compile'
import { encodeModel } from './encode-model'
import { toModel } from './model'
import { openSession, type RuntimeOptions, runtimeOf } from './runtime'

/** Sizes of blocks that there are: the floats of a vector register with AVX-512, or of two, and with AVX. */
const SIZES = [16, 8] as const

const CHANNELS = 32
const PLACES = 9

let known: Promise<number | undefined> | undefined

/**
 * Channels of a block of the runtime's own convolutions, on this processor; none where it has no such, as tried once. ONNX Runtime goes over to
 * them by itself where filters are constants, and not where these are in training.
 */
export async function channelBlockOf(options: RuntimeOptions, { nodes }: Graph): Promise<number | undefined> {
  const convolves = nodes.some(({ kernel }) => kernel === 'Conv2D' || kernel === 'Conv2DBackpropInput')
  if (!convolves || (await runtimeOf(options)) !== 'node') return undefined
  known ??= tried().catch((error: unknown) => {
    known = undefined
    throw error
  })
  return known
}

/** The first size with which a convolution of whole numbers is what it is without blocks. */
async function tried(): Promise<number | undefined> {
  const truth = await convolved()
  for (const size of SIZES) {
    // A runtime without the operators says so when it is given them.
    const result = await convolved(size).catch(() => undefined)
    if (result?.every((value, i) => value === truth[i])) return size
  }
  return undefined
}

async function convolved(channelBlock?: number): Promise<Float32Array> {
  const x: Value = { id: 0, shape: [1, 3, 3, CHANNELS], dtype: 'float32' }
  const filter: Value = { id: 1, shape: [3, 3, CHANNELS, CHANNELS], dtype: 'float32' }
  const output: Value = { ...x, id: 2 }
  const nodes = [callOf('Conv2D', { x, filter }, { strides: 1, pad: 'same', dilations: 1 }, output)]
  const graph: Graph = {
    inputs: [x, filter],
    draws: [],
    constants: [],
    variables: [],
    nodes,
    outputs: [output],
  }
  const { proto } = toModel(graph, { inputs: ['x', 'filter'], outputs: ['y'] }, { channelBlock })
  const { session, Tensor } = await openSession(encodeModel(proto), { runtime: 'node', threads: 1 })
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => (i * i) % 7)
  const { y } = await session.run({
    x: new Tensor('float32', numbers(PLACES * CHANNELS), [...x.shape]),
    filter: new Tensor('float32', numbers(PLACES * CHANNELS * CHANNELS), [...filter.shape]),
  })
  await session.release()
  return y!.data as Float32Array
}
