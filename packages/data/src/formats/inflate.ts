/** What deflate can inflate a byte to, at most. */
const DENSEST = 1032

/** Compressed bytes inflated at a time, so that no more than some 4 MiB come out at once. */
export const PIECE = 2 ** 12

/** An inflater of fflate. */
interface Inflater {
  push(piece: Uint8Array, last: boolean): void
}

/** Whether so many compressed bytes can inflate to so many. */
export function isPlausible(compressed: number, inflated: number): boolean {
  return inflated <= DENSEST * compressed
}

/**
 * Inflates bytes piece by piece.
 *
 * @param inflater Makes an inflater that hands what comes out to `take`.
 * @throws Error when they are truncated or damaged, or `take` throws.
 */
export function inflate(
  inflater: (take: (piece: Uint8Array) => void) => Inflater,
  parts: readonly Uint8Array[],
  take: (piece: Uint8Array) => void,
): void {
  const stream = inflater(take)
  parts.forEach((part, i) => {
    for (let from = 0; from < part.length; from += PIECE) {
      const last = i === parts.length - 1 && from + PIECE >= part.length
      stream.push(part.subarray(from, from + PIECE), last)
    }
  })
}

/**
 * Inflates bytes to `size` bytes, no fewer and no more, into memory that is taken once.
 *
 * @throws Error when they are truncated or damaged, or inflate to another size.
 */
export function inflateTo(
  size: number,
  inflater: (take: (piece: Uint8Array) => void) => Inflater,
  bytes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(size)
  let length = 0
  inflate(inflater, [bytes], (piece) => {
    if (length + piece.length > size) throw new Error('more bytes than it says')
    content.set(piece, length)
    length += piece.length
  })
  if (length !== size) throw new Error('fewer bytes than it says')
  return content
}
