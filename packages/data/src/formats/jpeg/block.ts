import { Damaged } from '../picture'
import type { BitReader, HuffmanTable } from './bits'

/** Where coefficients lie in a block of 8 × 8, in the order that they are coded in. */
// biome-ignore format: eight rows
export const ZIGZAG = Uint8Array.of(
   0,  1,  8, 16,  9,  2,  3, 10,
  17, 24, 32, 25, 18, 11,  4,  5,
  12, 19, 26, 33, 40, 48, 41, 34,
  27, 20, 13,  6,  7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36,
  29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
)

/** What a scan says of its data. */
export interface ScanHead {
  /** The first and the last coefficient that it codes. */
  readonly start: number
  readonly end: number
  /** How many bits of them came before, 0 where none did, and how many are still to come. */
  readonly high: number
  readonly low: number
}

/** What the data of a component are read with. */
export interface Coding {
  readonly bits: BitReader
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
  /** The component's first coefficient in the block before. */
  last: number
}

/** Blocks that are still to come without a new coefficient, counted over a scan. */
export interface Run {
  left: number
}

/** Reads (part of) the coefficients of a block into `block`, in rows of 8. */
export type ReadBlock = (block: Int16Array, coding: Coding, run: Run) => void

/** How a scan's blocks are read. */
export function blockReader(progressive: boolean, { start, end, high, low }: ScanHead): ReadBlock {
  if (!progressive) return sequential
  if (start === 0) {
    return (block, coding) => {
      if (high === 0) block[0] = difference(coding) << low
      else block[0]! |= coding.bits.take(1) << low
    }
  }
  return high === 0
    ? (block, coding, run) => first(block, coding, run, start, end, low)
    : (block, coding, run) => refine(block, coding, run, start, end, 1 << low)
}

/** T.81, F.2.2. */
const sequential: ReadBlock = (block, coding) => {
  block[0] = difference(coding)
  const { bits, ac } = coding
  for (let k = 1; k < 64; k++) {
    const coded = bits.decode(given(ac))
    const [zeros, size] = [coded >> 4, coded & 15]
    if (size === 0 && zeros < 15) return
    k += zeros
    if (size > 0) block[placeOf(k, 63)] = bits.extended(size)
  }
}

/** The first coefficient, of which its difference from the block before is coded. */
function difference(coding: Coding): number {
  const { bits, dc } = coding
  coding.last += bits.extended(bits.decode(given(dc)))
  return coding.last
}

/** A band of coefficients for the first time: T.81, G.1.2.2. */
function first(block: Int16Array, coding: Coding, run: Run, start: number, end: number, low: number): void {
  const { bits, ac } = coding
  if (run.left > 0) {
    run.left--
    return
  }
  for (let k = start; k <= end; k++) {
    const coded = bits.decode(given(ac))
    const [zeros, size] = [coded >> 4, coded & 15]
    if (size === 0 && zeros < 15) {
      run.left = 2 ** zeros + bits.take(zeros) - 1
      return
    }
    k += zeros
    if (size > 0) block[placeOf(k, end)] = bits.extended(size) << low
  }
}

/** One bit more of each coefficient of a band: T.81, G.1.2.3. */
function refine(block: Int16Array, coding: Coding, run: Run, start: number, end: number, bit: number): void {
  const { bits, ac } = coding
  let k = start
  /** Gives a bit to the coefficients that are not 0, up to the one that `zeros` others of 0 precede. */
  const refineUntil = (zeros: number): void => {
    for (let left = zeros; k <= end; k++) {
      const place = ZIGZAG[k]!
      const value = block[place]!
      if (value === 0) {
        if (left === 0) return
        left--
      } else if (bits.take(1) === 1 && (value & bit) === 0) block[place] = value + (value > 0 ? bit : -bit)
    }
  }
  for (; run.left === 0 && k <= end; k++) {
    const coded = bits.decode(given(ac))
    const [zeros, size] = [coded >> 4, coded & 15]
    if (size > 1) throw new Damaged('a coefficient of too many bits')
    if (size === 0 && zeros < 15) {
      run.left = 2 ** zeros + bits.take(zeros)
      break
    }
    const value = size === 0 ? 0 : bits.take(1) === 1 ? bit : -bit
    refineUntil(zeros)
    if (value !== 0) block[placeOf(k, end)] = value
  }
  if (run.left > 0) {
    refineUntil(Number.POSITIVE_INFINITY)
    run.left--
  }
}

function placeOf(k: number, end: number): number {
  if (k > end) throw new Damaged('too many coefficients in a block')
  return ZIGZAG[k]!
}

function given(table: HuffmanTable | undefined): HuffmanTable {
  if (!table) throw new Damaged('image data without their code')
  return table
}
