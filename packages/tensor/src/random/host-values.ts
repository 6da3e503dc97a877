import { expected, expectedType } from '../check'
import { checkSizes } from '../check/sizes'
import { describe } from '../expected'
import type { Shape } from '../types'
import { toNormal } from './box-muller'
import { checkKey, encrypt, type Key } from './key'
import { threefry2x32 } from './threefry'
import {
  floatsIn,
  type Transform,
  toIndices,
  toSigns,
  toSwaps,
  toUniform,
  toWeightedIndices,
} from './transforms'

/** What is drawn, whatever the key. */
export type DrawOf = { readonly shape: Shape } & (
  | { readonly kind: 'normal' | 'rademacher' | 'permutation' }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly among: number | ArrayLike<number> }
)

/** All that random values depend on, as plain data. */
export type Draw = DrawOf & { readonly key: Key }

/** Which counter turns a key into the key of its draws of a kind: one key's draws of two kinds are independent. */
const KINDS = { normal: 1, uniform: 2, rademacher: 3, choice: 4, permutation: 5 } as const

/**
 * The key whose blocks a draw is made of: {@link hostValues} says how.
 *
 * @param kind What is drawn.
 * @example
 * normal(blockKey('normal', key(0)), [2])
 */
export function blockKey(kind: DrawOf['kind'], key: Key): Key {
  return encrypt(key, KINDS[kind], 0)
}

/** The most blocks encrypted at once: as many words as stay in the nearest cache. */
const STRIP = 2048

const MAX_FLOAT = 3.4028234663852886e38

/**
 * The values of a draw, row-major. Row i (along the first axis) is made of the blocks Threefry(k, (i, 0)),
 * Threefry(k, (i, 1)), … with k = Threefry(key, (kind, 0)), so it depends on the key and on i alone. A permutation is
 * one row.
 *
 * The words are the same wherever JavaScript runs. So are the values made of them: the arithmetic is +, −, ×, ÷ of
 * float64, which the language fixes to the last bit, and Math.sqrt, which it does not but which every engine known
 * rounds correctly.
 *
 * @param draw What is drawn, its shape and key.
 * @example
 * hostValues({ kind: 'rademacher', shape: [4], key: key(0) }).length // → 4
 */
export function hostValues(draw: Draw): Float32Array | Int32Array {
  switch (draw.kind) {
    case 'normal':
      return normalValues(draw)
    case 'rademacher':
      return rademacherValues(draw)
    case 'uniform':
      return uniformValues(draw)
    case 'choice':
      return choiceValues(draw)
    case 'permutation':
      return permutationValues(draw)
  }
}

// Apart from each other, so that a page fetches only the kinds that it draws.

export const normalValues = (draw: Draw): Float32Array => filled(draw, 2, toNormal, Float32Array)

export const rademacherValues = (draw: Draw): Float32Array => filled(draw, 64, toSigns, Float32Array)

export const uniformValues = (draw: Draw & { readonly kind: 'uniform' }): Float32Array =>
  filled(draw, 2, uniformIn(draw.low, draw.high), Float32Array)

export const choiceValues = (draw: Draw & { readonly kind: 'choice' }): Int32Array =>
  filled(draw, 1, chooseAmong(draw.among), Int32Array)

export const permutationValues = (draw: Draw): Int32Array => shuffle(filled(draw, 1, toSwaps, Int32Array, 1))

/** The values of a draw, `perBlock` of them from each block of its key; a row for each entry of the first axis, or as many as are given. */
function filled<Values extends Float32Array | Int32Array>(
  { kind, key, shape }: Draw,
  perBlock: number,
  transform: Transform<Values>,
  array: new (length: number) => Values,
  given?: number,
): Values {
  checkKey(kind, key)
  checkSizes(kind, shape)
  const rows = given ?? shape[0] ?? 1
  const size = shape.reduce((a, b) => a * b, 1)
  return fill(blockKey(kind, key), rows, size / (rows || 1), perBlock, transform, new array(size))
}

/** Fills `values` strip by strip: many short rows at once, or a part of a long one. */
function fill<Values>(
  key: Key,
  rows: number,
  columns: number,
  perBlock: number,
  transform: Transform<Values>,
  values: Values,
): Values {
  const width = Math.min(columns, STRIP * perBlock)
  const height = Math.min(rows, Math.floor(STRIP / Math.ceil(width / perBlock)))
  const words = new Uint32Array(2 * height * Math.ceil(width / perBlock))
  for (let row = 0; row < rows; row += height) {
    const tall = Math.min(height, rows - row)
    for (let column = 0; column < columns; column += width) {
      const wide = Math.min(width, columns - column)
      threefry2x32(key.words, row, tall, column / perBlock, Math.ceil(wide / perBlock), words)
      transform(words, tall, wide, values, row * columns + column)
    }
  }
  return values
}

/** Fisher–Yates, inside out, in the memory of its own swaps: each is read before its place is written. */
function shuffle(swaps: Int32Array): Int32Array {
  for (let i = 0; i < swaps.length; i++) {
    const j = swaps[i]!
    swaps[i] = swaps[j]!
    swaps[j] = i
  }
  return swaps
}

function uniformIn(low: number, high: number): Transform<Float32Array> {
  const bothNumbers = typeof low === 'number' && typeof high === 'number'
  if (!(bothNumbers && low < high && low >= -MAX_FLOAT && high <= MAX_FLOAT)) {
    throw expected('uniform', 'finite float32 bounds, low < high', [low, high])
  }
  const [least, greatest] = floatsIn(low, high)
  if (least > greatest) throw expected('uniform', 'a float32 number in [low, high)', `${low} and ${high}`)
  return toUniform(low, high)
}

function chooseAmong(among: number | ArrayLike<number>): Transform<Int32Array> {
  if (typeof among === 'number') {
    if (!Number.isInteger(among) || among < 1 || among > 2 ** 31) {
      throw expected('choice', 'a count in [1, 2^31] or weights', among)
    }
    return toIndices(among)
  }
  if (typeof among !== 'object' || typeof among?.length !== 'number')
    throw expectedType('choice', 'a count or weights', among)
  const other = Array.from(among as ArrayLike<unknown>).findIndex((weight) => typeof weight !== 'number')
  if (other >= 0) throw expectedType('choice', 'weights >= 0', `${describe(among[other])} at ${other}`)
  const weights = Float64Array.from(among)
  const bad = weights.findIndex((weight) => !(weight >= 0))
  if (bad >= 0) throw expected('choice', 'weights >= 0', `${weights[bad]} at ${bad}`)
  const sum = weights.reduce((a, b) => a + b, 0)
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw expected('choice', 'weights with a finite sum > 0', sum)
  return toWeightedIndices(weights)
}
