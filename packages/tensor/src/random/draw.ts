import { expected, formatShape } from '../check'
import { tensor } from '../ops/create'
import type { Shape, Tensor } from '../types'
import type { Key } from './key'
import { threefry2x32 } from './threefry'

/**
 * Standard normal numbers, float32. Row i (along the first axis) depends on (key, i) only, so the first rows
 * of a larger batch are the rows of a smaller one.
 *
 * @param shape `[B, ...D]`; a scalar is one row.
 */
export function normal(key: Key, shape: Shape): Tensor {
  return draw('normal', key, shape, (bits) => {
    const values = new Float32Array(bits.length)
    for (let i = 0; i < bits.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((bits[i]! + 1) / 2 ** 32))
      const angle = (2 * Math.PI * bits[i + 1]!) / 2 ** 32
      values[i] = radius * Math.cos(angle)
      values[i + 1] = radius * Math.sin(angle)
    }
    return values
  })
}

/** Options of {@link uniform}. */
export interface UniformOptions {
  /** Lower end, included. @default 0 */
  readonly low?: number
  /** Upper end, left out. @default 1 */
  readonly high?: number
}

/** Uniform numbers in [low, high), float32, per row as {@link normal}. */
export function uniform(key: Key, shape: Shape, { low = 0, high = 1 }: UniformOptions = {}): Tensor {
  if (!(low < high)) throw expected('uniform', 'low < high', `${low} and ${high}`)
  const scale = (high - low) / 2 ** 24
  return draw('uniform', key, shape, (bits) => Float32Array.from(bits, (word) => low + scale * (word >>> 8)))
}

/** −1 or 1 with equal chance, float32, per row as {@link normal}. */
export function rademacher(key: Key, shape: Shape): Tensor {
  return draw('rademacher', key, shape, (bits) => Float32Array.from(bits, (word) => (word >>> 31 ? 1 : -1)))
}

/** The one place where random bits become a tensor. Row i uses the counters (i, 0), (i, 1), … */
function draw(where: string, key: Key, shape: Shape, transform: (bits: Uint32Array) => Float32Array): Tensor {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw expected(where, 'a shape of integers >= 0', formatShape(shape))
  }
  const rows = shape[0] ?? 1
  const width = shape.slice(1).reduce((a, b) => a * b, 1)
  const blocks = Math.ceil(width / 2)
  const c0 = new Uint32Array(rows * blocks)
  const c1 = new Uint32Array(rows * blocks)
  for (let row = 0, i = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++, i++) {
      c0[i] = row
      c1[i] = block
    }
  }
  threefry2x32(key.words[0], key.words[1], c0, c1)
  const bits = new Uint32Array(2 * rows * blocks)
  for (let i = 0; i < c0.length; i++) {
    bits[2 * i] = c0[i]!
    bits[2 * i + 1] = c1[i]!
  }
  const values = transform(bits)
  if (width === 2 * blocks) return tensor(values, shape)
  const packed = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    packed.set(values.subarray(2 * blocks * row, 2 * blocks * row + width), row * width)
  }
  return tensor(packed, shape)
}
