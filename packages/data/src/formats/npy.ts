import { widenHalf } from '@sgm/tensor'
import { expected, formatShape } from '@sgm/tensor/check'
import { type ByteSource, type Bytes, sourceOf } from './source'

/** What NumPy's arrays become. */
export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** An array of a `.npy` file. */
export interface NpyArray {
  readonly shape: readonly number[]
  /** Row-major whatever the order of the file, the sizes' product of them. */
  readonly values: NpyValues
}

/** Constructors by NumPy's type code; booleans are bytes, halves widen. */
const TYPES: Readonly<Record<string, (buffer: ArrayBuffer) => NpyValues>> = {
  b1: (buffer) => new Uint8Array(buffer),
  u1: (buffer) => new Uint8Array(buffer),
  i1: (buffer) => new Int8Array(buffer),
  u2: (buffer) => new Uint16Array(buffer),
  i2: (buffer) => new Int16Array(buffer),
  u4: (buffer) => new Uint32Array(buffer),
  i4: (buffer) => new Int32Array(buffer),
  u8: (buffer) => new BigUint64Array(buffer),
  i8: (buffer) => new BigInt64Array(buffer),
  f2: (buffer) => widenHalf(new Uint16Array(buffer)),
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => new Float64Array(buffer),
}

/** More than any plain array's head has: NumPy itself refuses longer ones than 10 000 bytes. */
const LONGEST_HEAD = 2 ** 16

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** Whether the bytes begin as a `.npy` file does. */
export function isNpy(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte)
}

/** What the head of a `.npy` file says. */
export interface NpyHeader {
  readonly shape: readonly number[]
  /** Such as `u1`, `f4`. */
  readonly type: string
  readonly bigEndian: boolean
  /** Whether the first axis varies fastest (Fortran's order). */
  readonly columnMajor: boolean
  /** Bytes an element. */
  readonly size: number
  /** Place of the first element. */
  readonly first: number
}

/**
 * The head of a `.npy` file, held to the length of the file.
 *
 * The format: numpy.lib.format, versions 1.0 to 3.0.
 */
export async function npyHeader(where: string, source: ByteSource): Promise<NpyHeader> {
  const start = await source.read([0], Math.min(12, source.length))
  if (!isNpy(start) || start.length < 12)
    throw expected(where, `${source.name} to be a .npy file`, 'other bytes')
  const view = new DataView(start.buffer, start.byteOffset, start.length)
  const version = start[6]!
  if (version < 1 || version > 3)
    throw expected(where, `${source.name} to be of .npy version 1, 2 or 3`, version)
  const [from, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  const first = from + length
  if (length > LONGEST_HEAD || first > source.length) {
    throw expected(where, `${source.name} to have a head of at most ${LONGEST_HEAD} bytes, whole`, length)
  }
  const text = new TextDecoder('latin1').decode(await source.read([from], length))
  const code = /'descr'\s*:\s*'([<>|=])([biuf][1248])'/.exec(text)
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)
  const sizes = /'shape'\s*:\s*\(([\dL,\s]*)\)/.exec(text)
  if (!code || !fortran || !sizes || !TYPES[code[2]!]) {
    throw expected(where, `${source.name} to hold a plain array of numbers`, text.trim().slice(0, 200))
  }
  const shape = (sizes[1]!.match(/\d+/g) ?? []).map(Number)
  const type = code[2]!
  const size = Number(type[1])
  const wanted = shape.reduce((a, b) => a * b, size)
  if (source.length - first !== wanted) {
    const what = `${source.name} to hold ${wanted} bytes after its head, for shape ${formatShape(shape)}`
    throw expected(where, what, source.length - first)
  }
  // Of no more than one axis that is longer than 1 both orders are one.
  const columnMajor = fortran[1] === 'True' && shape.filter((length) => length > 1).length > 1
  return { shape, type, bigEndian: code[1] === '>', columnMajor, size, first }
}

/**
 * Reads an array that NumPy saved (`numpy.save`): integers, floats of 16 (widened to 32), 32 or 64 bits, booleans (as bytes); of
 * either byte order, in C's or Fortran's order.
 *
 * @param bytes Of a `.npy` file.
 * @throws RangeError when the file is truncated or longer than it says, or holds something else.
 * @example
 * const read = async (path: string) => {
 *   const { shape, values } = await readNpy(await readFile(path))
 *   return tensor(Float32Array.from(values, Number), shape)
 * }
 */
export async function readNpy(bytes: Bytes): Promise<NpyArray> {
  return npyArray('readNpy', sourceOf('readNpy', bytes))
}

/** {@link readNpy} for messages of `where`. */
export async function npyArray(where: string, source: ByteSource): Promise<NpyArray> {
  const { shape, type, bigEndian, columnMajor, size, first } = await npyHeader(where, source)
  const read = await source.read([first], source.length - first)
  const bytes = columnMajor ? toRowMajor(read, shape, size) : new Uint8Array(read)
  if (bigEndian && size > 1) {
    for (let from = 0; from < bytes.length; from += size) bytes.subarray(from, from + size).reverse()
  }
  return { shape, values: TYPES[type]!(bytes.buffer) }
}

/** The elements of `size` bytes in row-major order. */
function toRowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(bytes.length)
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, size))
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < bytes.length; to += size) {
    for (let i = 0; i < size; i++) turned[to + i] = bytes[from + i]!
    // The next index in row-major order, and its place in the file.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1
      from += strides[axis]!
      if (index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return turned
}
