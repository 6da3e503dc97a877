import type { Graph } from '@sgm/tensor/compile'
import { Builder, valueInfo } from './builder'
import { encodeModel } from './encode-model'
import { BLOCKED } from './lower/blocked-conv'
import { protoOf } from './model'
import { openSession, type RuntimeOptions, runtimeOf } from './runtime'

/** More channels than a block may have, and a multiple of its size. */
const CHANNELS = 64
const PLACES = 2

let known: Promise<number | undefined> | undefined

/**
 * Channels of a block of the runtime's own convolutions, on this processor: 16 with AVX-512, 8 with AVX. None where it has no such.
 * ONNX Runtime goes over to them by itself where filters are constants, and not where these are in training.
 */
export async function channelBlockOf(options: RuntimeOptions, { nodes }: Graph): Promise<number | undefined> {
  const convolves = nodes.some(({ kernel }) => kernel === 'Conv2D' || kernel === 'Conv2DBackpropInput')
  if (!convolves || (await runtimeOf(options)) !== 'node') return undefined
  // A runtime without the operators says so when it is given one.
  known ??= reordered().then(blockOf, () => undefined)
  return known
}

/** The numbers 0, 1, … of an image, place by place within each channel, as they lie in blocks. */
async function reordered(): Promise<Float32Array> {
  const builder = new Builder()
  const image = (name: string) => valueInfo(name, 'float32', [1, CHANNELS, 1, PLACES])
  const blocks = builder.op('ReorderInput', ['x'], {}, BLOCKED)
  const proto = protoOf(builder, [image('x')], [image(blocks)])
  const { session, Tensor } = await openSession(encodeModel(proto), { runtime: 'node', threads: 1 })
  const x = Float32Array.from({ length: CHANNELS * PLACES }, (_, i) => i)
  const result = await session.run({ x: new Tensor('float32', x, [1, CHANNELS, 1, PLACES]) })
  await session.release()
  return result[blocks]!.data as Float32Array
}

/**
 * The size of the blocks that numbers lie in: what comes before the second place of the first channel. None where they are no blocks.
 *
 * @param numbers Those of {@link CHANNELS} channels.
 */
export function blockOf(numbers: Float32Array): number | undefined {
  const size = numbers.indexOf(1)
  if (size <= 1 || CHANNELS % size !== 0) return undefined
  const expected = (i: number): number => {
    const [block, place, channel] = [Math.floor(i / (size * PLACES)), Math.floor(i / size) % PLACES, i % size]
    return (block * size + channel) * PLACES + place
  }
  return numbers.every((value, i) => value === expected(i)) ? size : undefined
}
