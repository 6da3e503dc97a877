import { checkIntegers, expected, expectedType, formatShape, optionsOf } from '../check'
import { tidy } from '../memory'
import { tensor } from '../ops'
import type { Tensor } from '../types'
import { FORMATS, type Format } from './dtypes'
import { type Entry, MAX_HEADER, parseHeader, quote } from './header'

/** What a safetensors file holds. */
export interface Deserialized {
  /** By name, in the order of the file's header. */
  readonly tensors: Readonly<Record<string, Tensor>>
  /** Empty where the file has none. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Options of {@link deserialize}. */
export interface DeserializeOptions {
  /** The most tensors that the file may have: each takes some kilobytes, even an empty one. @default 2 ** 14 */
  readonly tensors?: number
}

/**
 * Reads a safetensors file: named tensors and metadata. Names, places and sizes are checked before a tensor is made.
 *
 * F32, I32 and BOOL come as they are. F16 and BF16 widen to float32 exactly; F64 rounds to float32; U8, I8, U16 and
 * I16 widen to int32; U32, I64 and U64 become int32 where every value fits. A BOOL byte other than 0 is true.
 *
 * Format: 8 bytes, the header's length (little-endian); the header, JSON `{"name": {"dtype": "F32", "shape": [2, 3],
 * "data_offsets": [0, 24]}, …, "__metadata__": {"key": "value"}}`; the tensors' bytes, without holes.
 * https://github.com/huggingface/safetensors
 *
 * @param bytes The whole file. Nothing of it is kept.
 * @throws RangeError when the file is truncated, damaged, of another kind or of more tensors than allowed; memory used before
 * that stays in proportion to the file. TypeError when `bytes` is no byte array.
 * @example
 * const bytes = await serialize({ w: tensor([1, 2]) }, { step: '7' })
 * const { tensors, metadata } = deserialize(bytes)
 * tensors.w! // → [1, 2]
 * metadata.step // → '7'
 */
export function deserialize(bytes: Uint8Array | ArrayBuffer, options: DeserializeOptions = {}): Deserialized {
  const { tensors: most = 2 ** 14 } = optionsOf('deserialize', options, { tensors: true })
  checkIntegers('deserialize', { tensors: most })
  const file = view(bytes)
  if (file.length < 8) throw expected('deserialize', 'a file of at least 8 bytes', file.length)
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)
  const room = Math.min(MAX_HEADER, file.length - 8)
  if (length < 2n || length > room) {
    throw expected('deserialize', `a header length in [2, ${room}]`, length)
  }
  const start = 8 + Number(length)
  const { entries, metadata } = parseHeader(decode(file.slice(8, start)), most)
  const checked = entries.map(check)
  checkLayout(entries, file.length - start)
  // Where an integer does not fit, the tensors before it are freed.
  const tensors = tidy(() =>
    Object.fromEntries(
      checked.map(({ name, shape, begin, end, format }) => {
        const values = format.read(file.slice(start + begin, start + end).buffer, name)
        return [name, tensor(values, shape, format.dtype)]
      }),
    ),
  )
  return { tensors, metadata }
}

/** A plain Uint8Array over the same bytes: Node's Buffer overrides `slice` with one that does not copy. */
function view(bytes: Uint8Array | ArrayBuffer): Uint8Array<ArrayBuffer> {
  const kind = Object.prototype.toString.call(bytes)
  if (kind === '[object ArrayBuffer]') return new Uint8Array(bytes as ArrayBuffer)
  if (kind !== '[object Uint8Array]') {
    throw expectedType('deserialize', 'a Uint8Array or an ArrayBuffer', bytes)
  }
  const { buffer, byteOffset, byteLength } = bytes as Uint8Array<ArrayBuffer>
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw expected('deserialize', 'a header in UTF-8', 'other bytes')
  }
}

function check(entry: Entry): Entry & { readonly format: Format } {
  const { dtype, shape, begin, end } = entry
  const name = quote(entry.name)
  const format = FORMATS.get(dtype)
  if (!format) {
    throw expected('deserialize', `a dtype of ${name} among ${[...FORMATS.keys()].join(', ')}`, quote(dtype))
  }
  let wanted = format.bytes
  for (const size of shape) {
    wanted *= size
    if (!Number.isSafeInteger(wanted)) {
      throw expected('deserialize', `fewer than 2^53 bytes in ${name}`, `shape ${formatShape(shape)}`)
    }
  }
  if (end - begin !== wanted) {
    throw expected('deserialize', `${wanted} bytes for ${name} of shape ${formatShape(shape)}`, end - begin)
  }
  return { ...entry, format }
}

/** The tensors must follow each other without holes or overlaps and end where the file ends. */
function checkLayout(entries: readonly Entry[], size: number): void {
  let at = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw expected('deserialize', `${quote(name)} to begin at byte ${at}`, begin)
    at = end
  }
  if (at !== size) throw expected('deserialize', `${at} bytes after the header`, size)
}
