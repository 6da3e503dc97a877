import { bytesOf, checkImageSet, checkIndices, type ImageSet } from './image-set'

/**
 * The same set, whose images are kept once they were asked for: for sets that are drawn (`glyphs`) or decoded
 * (`readPictures`) and gone through many times. It takes the memory of all images, a byte each value, at the first.
 *
 * @param set Whose pixels are slow to make.
 * @example
 * const set = cached(glyphs({ count: 100, key: key(0) })) // drawn once
 */
export function cached(set: ImageSet): ImageSet {
  const pixels = checkImageSet('cached', set)
  let kept: { readonly bytes: Uint8Array; readonly known: Uint8Array } | undefined
  return {
    ...set,
    async bytes(indices) {
      checkIndices('cached', indices, set.length)
      kept ??= { bytes: new Uint8Array(set.length * pixels), known: new Uint8Array(set.length) }
      const { bytes, known } = kept
      const missing = indices.filter((index) => !known[index])
      if (missing.length > 0) {
        const found = await bytesOf('cached', set, missing, pixels)
        missing.forEach((index, i) => {
          bytes.set(found.subarray(i * pixels, (i + 1) * pixels), index * pixels)
          known[index] = 1
        })
      }
      const picked = new Uint8Array(indices.length * pixels)
      indices.forEach((index, i) => {
        picked.set(bytes.subarray(index * pixels, (index + 1) * pixels), i * pixels)
      })
      return picked
    },
  }
}
