/**
 * Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a keyed
 * bijection of pairs of 32-bit words. Encrypts the counters (c0[i], c1[i]) in place.
 */
export function threefry2x32(k0: number, k1: number, c0: Uint32Array, c1: Uint32Array): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda
  for (let i = 0; i < c0.length; i++) {
    let x = (c0[i]! + k0) | 0
    let y = (c1[i]! + k1) | 0
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
    c0[i] = (x + k2) | 0
    c1[i] = (y + k0 + 5) | 0
  }
}
