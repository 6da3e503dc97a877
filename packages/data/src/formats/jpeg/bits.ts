import { Damaged } from '../picture'

/** Bits that are looked up at once. */
const FAST = 8

/** A Huffman code: ITU-T T.81, annex C. */
export interface HuffmanTable {
  /** By the next bits: 16 times the value and the length of its code; 0 where the code is longer. */
  readonly fast: Uint16Array
  /** By length: the least code of the next length, as if 16 bits were read. */
  readonly limits: Int32Array
  /** By length: the place of a code's value, less the code. */
  readonly offsets: Int32Array
  readonly values: Uint8Array
}

/** The code that has `counts[l − 1]` words of l bits, with their values in order. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const fast = new Uint16Array(2 ** FAST)
  const [limits, offsets] = [new Int32Array(17), new Int32Array(17)]
  let [code, place] = [0, 0]
  for (let length = 1; length <= 16; length++) {
    offsets[length] = place - code
    for (let i = 0; i < counts[length - 1]!; i++, code++, place++) {
      if (length > FAST) continue
      const from = code << (FAST - length)
      fast.fill(32 * values[place]! + length, from, from + 2 ** (FAST - length))
    }
    if (code > 2 ** length) throw new Damaged('a code of too many words')
    limits[length] = code << (16 - length)
    code *= 2
  }
  return { fast, limits, offsets, values }
}

/** Reads the bits of entropy-coded data up to the next marker: T.81, F.2.2. */
export class BitReader {
  private buffer = 0
  private count = 0

  constructor(
    private readonly data: Uint8Array,
    /** The next byte. */
    public at: number,
  ) {}

  /** The next `n` bits as a number, n <= 16. */
  take(n: number): number {
    const bits = this.peek(n)
    this.skip(n)
    return bits
  }

  /** The next value of a code. */
  decode({ fast, limits, offsets, values }: HuffmanTable): number {
    const bits = this.peek(16)
    const found = fast[bits >> (16 - FAST)]!
    if (found > 0) {
      this.skip(found & 31)
      return found >> 5
    }
    for (let length = FAST + 1; length <= 16; length++) {
      if (bits >= limits[length]!) continue
      this.skip(length)
      return values[offsets[length]! + (bits >> (16 - length))]!
    }
    throw new Damaged('image data of no code')
  }

  /** A number of `size` bits whose first bit tells its sign: T.81, table F.1. */
  extended(size: number): number {
    if (size === 0) return 0
    if (size > 16) throw new Damaged('a number of too many bits')
    const bits = this.take(size)
    return bits < 2 ** (size - 1) ? bits - 2 ** size + 1 : bits
  }

  /** Leaves out what fills the last byte. @throws Damaged where whole bytes are left. */
  align(): void {
    this.fill()
    if (this.count >= 8) throw new Damaged('image data that go on too long')
    this.count = 0
  }

  /** Goes on after the `count`-th marker between restarts. @throws Damaged where it is not there. */
  restart(count: number): void {
    this.align()
    if (this.data[this.at] !== 0xff || this.data[this.at + 1] !== 0xd0 + (count % 8)) {
      throw new Damaged('image data without a restart')
    }
    this.at += 2
  }

  private peek(n: number): number {
    if (this.count < n) this.fill()
    const missing = n - this.count
    const bits = missing > 0 ? this.buffer << missing : this.buffer >>> -missing
    return bits & (2 ** n - 1)
  }

  private skip(n: number): void {
    if (n > this.count) throw new Damaged('image data that end early')
    this.count -= n
  }

  private fill(): void {
    while (this.count <= 24) {
      const byte = this.data[this.at]
      if (byte === undefined || (byte === 0xff && this.data[this.at + 1] !== 0)) return
      this.at += byte === 0xff ? 2 : 1
      this.buffer = (this.buffer << 8) | byte
      this.count += 8
    }
  }
}
