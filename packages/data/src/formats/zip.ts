import { expected } from '@sgm/tensor/check'
import { Inflate } from 'fflate'
import { crc32 } from './crc32'
import { inflateTo, isPlausible } from './inflate'

/** A file in a zip archive, as the archive's directory has it. */
export interface ZipEntry {
  readonly name: string
  /** Bytes that it inflates to. */
  readonly size: number
  readonly compressed: number
  readonly checksum: number
  /** 0: stored; 8: deflated. */
  readonly method: number
  /** Where its content begins. */
  readonly at: number
}

/** Signatures of a file's head, of its entry in the directory, and of the directory's end. */
const [FILE, ENTRY, END] = [0x04034b50, 0x02014b50, 0x06054b50]
const [FILE_SIZE, ENTRY_SIZE, END_SIZE] = [30, 46, 22]

/** What 32 bits hold where the true number is elsewhere: in archives of 4 GiB and more. */
const ELSEWHERE = 0xffffffff

/** Whether the bytes begin as a zip archive does. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4
}

/**
 * The directory of a zip archive. PKWARE, ".ZIP File Format Specification", 4.3.
 *
 * @param most Files that it may have.
 * @throws RangeError when the archive is truncated or damaged, or has more files.
 */
export function zipEntries(where: string, name: string, archive: Uint8Array, most: number): ZipEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length)
  const end = directoryEnd(view)
  if (end === undefined) throw damaged(where, name)
  const count = view.getUint16(end + 10, true)
  if (count > most) throw expected(where, `${name} to hold at most ${most} files`, count)
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_SIZE > end || view.getUint32(at, true) !== ENTRY) throw damaged(where, name)
    const [length, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true))
    const entry = {
      name: text(archive.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + length!)),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      compressed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
    }
    const head = view.getUint32(at + 42, true)
    if ([entry.compressed, entry.size, head].includes(ELSEWHERE)) {
      throw expected(where, `${name} to be an archive of less than 4 GiB`, `${entry.name} beyond`)
    }
    const content = contentOf(archive, head, entry.name)
    if (content === undefined) throw damaged(where, name)
    entries.push({ ...entry, at: content })
    at += ENTRY_SIZE + length! + extra! + comment!
  }
  if (at !== end || view.getUint16(end + 8, true) !== count) throw damaged(where, name)
  return entries
}

/**
 * The content of a file in an archive.
 *
 * @throws RangeError when it does not match its checksum and size, or is compressed by another method.
 */
export function unzip(where: string, name: string, archive: Uint8Array, entry: ZipEntry): Uint8Array {
  const { at, compressed, size, method, checksum } = entry
  if (method !== 0 && method !== 8) {
    throw expected(where, `${entry.name} in ${name} to be stored or deflated`, `method ${method}`)
  }
  const bytes = archive.subarray(at, at + compressed)
  if (bytes.length !== compressed || !isPlausible(compressed, size)) throw damaged(where, name)
  try {
    const content = method === 0 ? bytes : inflateTo(size, (take) => new Inflate(take), bytes)
    if (content.length === size && crc32(content) === checksum) return content
  } catch {
    // What the inflater says of it helps nobody.
  }
  throw damaged(where, `${entry.name} in ${name}`)
}

/** Where the content of a file begins, behind its own head, which must name it as the directory does. */
function contentOf(archive: Uint8Array, head: number, name: string): number | undefined {
  if (head + FILE_SIZE > archive.length) return undefined
  const view = new DataView(archive.buffer, archive.byteOffset + head, FILE_SIZE)
  const [length, extra] = [view.getUint16(26, true), view.getUint16(28, true)]
  const from = head + FILE_SIZE
  const same = view.getUint32(0, true) === FILE && text(archive.subarray(from, from + length)) === name
  return same ? from + length + extra : undefined
}

/** The end of the directory is the last thing in the file but for a comment. */
function directoryEnd(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff)
  for (let at = view.byteLength - END_SIZE; at >= first; at--) {
    const comment = view.byteLength - at - END_SIZE
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === comment) return at
  }
  return undefined
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const damaged = (where: string, name: string): RangeError =>
  expected(where, `${name} to be whole`, 'a truncated or damaged archive')
