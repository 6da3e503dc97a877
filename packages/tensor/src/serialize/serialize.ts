import { checkStrings, checkTensor, expected, expectedType, objectOf } from '../check'
import type { DType, NamedTensors } from '../types'
import { MAX_HEADER, METADATA } from './header'

/** The element types that are written, the widest first, so that every tensor is aligned. */
const WRITTEN: Partial<Record<DType, string>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' }
const ORDER = /* @__PURE__ */ Object.values(WRITTEN)

/**
 * Writes named tensors as a safetensors file, which {@link deserialize} and every other safetensors reader takes:
 * float32 as F32, int32 as I32, bool as BOOL. The header keeps the order of the names; the bytes lie where the
 * reference implementation puts them (all F32, then I32, then BOOL, each by name).
 *
 * @param tensors By name.
 * @param metadata Strings to keep beside the tensors.
 * @throws TypeError when a tensor is of another dtype or a value of `metadata` is no string. RangeError when a name is
 * `__metadata__` (the format keeps it), or no well-formed Unicode.
 * @example
 * const bytes = await serialize({ w: ones([3]) }, { made: 'today' })
 * deserialize(bytes).tensors.w! // → [1, 1, 1]
 */
export async function serialize(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  objectOf('serialize', tensors, 'tensors by name')
  for (const [name, text] of Object.entries(objectOf('serialize', metadata, 'metadata: strings by name'))) {
    checkStrings('serialize', { [`metadata ${name}`]: text })
    checkText(name)
    checkText(text)
  }
  const items = await Promise.all(
    Object.entries(tensors).map(async ([name, x]) => {
      if (name === METADATA) throw expected('serialize', "no tensor under the metadata's name", name)
      checkText(name)
      checkTensor('serialize', x, name)
      const dtype = WRITTEN[x.dtype]
      if (!dtype)
        throw expectedType('serialize', `${name} of dtype ${Object.keys(WRITTEN).join(', ')}`, x.dtype)
      const shape = [...x.shape]
      const { buffer, byteOffset, byteLength } = await x.data()
      return { name, dtype, shape, bytes: new Uint8Array(buffer, byteOffset, byteLength) }
    }),
  )

  const placed = [...items].sort(
    (a, b) => ORDER.indexOf(a.dtype) - ORDER.indexOf(b.dtype) || (a.name < b.name ? -1 : 1),
  )
  const begins = new Map<string, number>()
  let size = 0
  for (const { name, bytes } of placed) {
    begins.set(name, size)
    size += bytes.length
  }

  const header = encodeHeader({
    ...(Object.keys(metadata).length > 0 && { [METADATA]: metadata }),
    ...Object.fromEntries(
      items.map(({ name, dtype, shape, bytes }) => {
        const begin = begins.get(name)!
        return [name, { dtype, shape, data_offsets: [begin, begin + bytes.length] }]
      }),
    ),
  })
  const start = 8 + header.length
  const file = new Uint8Array(start + size)
  new DataView(file.buffer).setUint32(0, header.length, true)
  file.set(header, 8)
  for (const { name, bytes } of placed) file.set(bytes, start + begins.get(name)!)
  return file
}

/** The header's bytes, filled up with spaces so that the tensors begin at a multiple of 8. */
function encodeHeader(header: object): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20)
  if (padded.length > MAX_HEADER) {
    throw expected('serialize', `names and metadata of at most ${MAX_HEADER} bytes`, padded.length)
  }
  padded.set(text)
  return padded
}

function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw expected('serialize', 'well-formed Unicode', JSON.stringify(text))
}
