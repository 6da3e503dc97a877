/**
 * Threefry-2x32 with 20 rounds, a bijection of pairs of 32-bit words for each key. Encrypts the counters (row + i,
 * block + j), 0 <= i < rows, 0 <= j < blocks, into `out`: two words each, row by row.
 *
 * Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3.
 */
export function threefry2x32(
  key: readonly [number, number],
  row: number,
  rows: number,
  block: number,
  blocks: number,
  out: Uint32Array,
): void {
  const k0 = key[0] | 0
  const k1 = key[1] | 0
  const k2 = k0 ^ k1 ^ 0x1bd11bda
  let at = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < blocks; j++) {
      let x = (row + i + k0) | 0
      let y = (block + j + k1) | 0
      x = (x + y) | 0
      y = ((y << 13) | (y >>> 19)) ^ x
      x = (x + y) | 0
      y = ((y << 15) | (y >>> 17)) ^ x
      x = (x + y) | 0
      y = ((y << 26) | (y >>> 6)) ^ x
      x = (x + y) | 0
      y = ((y << 6) | (y >>> 26)) ^ x
      x = (x + k1) | 0
      y = (y + k2 + 1) | 0
      x = (x + y) | 0
      y = ((y << 17) | (y >>> 15)) ^ x
      x = (x + y) | 0
      y = ((y << 29) | (y >>> 3)) ^ x
      x = (x + y) | 0
      y = ((y << 16) | (y >>> 16)) ^ x
      x = (x + y) | 0
      y = ((y << 24) | (y >>> 8)) ^ x
      x = (x + k2) | 0
      y = (y + k0 + 2) | 0
      x = (x + y) | 0
      y = ((y << 13) | (y >>> 19)) ^ x
      x = (x + y) | 0
      y = ((y << 15) | (y >>> 17)) ^ x
      x = (x + y) | 0
      y = ((y << 26) | (y >>> 6)) ^ x
      x = (x + y) | 0
      y = ((y << 6) | (y >>> 26)) ^ x
      x = (x + k0) | 0
      y = (y + k1 + 3) | 0
      x = (x + y) | 0
      y = ((y << 17) | (y >>> 15)) ^ x
      x = (x + y) | 0
      y = ((y << 29) | (y >>> 3)) ^ x
      x = (x + y) | 0
      y = ((y << 16) | (y >>> 16)) ^ x
      x = (x + y) | 0
      y = ((y << 24) | (y >>> 8)) ^ x
      x = (x + k1) | 0
      y = (y + k2 + 4) | 0
      x = (x + y) | 0
      y = ((y << 13) | (y >>> 19)) ^ x
      x = (x + y) | 0
      y = ((y << 15) | (y >>> 17)) ^ x
      x = (x + y) | 0
      y = ((y << 26) | (y >>> 6)) ^ x
      x = (x + y) | 0
      y = ((y << 6) | (y >>> 26)) ^ x
      out[at++] = (x + k2) | 0
      out[at++] = (y + k0 + 5) | 0
    }
  }
}
