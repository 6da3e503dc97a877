import { expect, it } from 'vitest'
import { encodeNpy } from './npy'

it('writes what the format says: magic, version, header to a multiple of 64 bytes, little-endian values', () => {
  const file = encodeNpy(Float32Array.of(1, -2, 0.5, 3, 4, 5), [3, 2])
  expect([...file.slice(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0])
  const length = file[8]! + 256 * file[9]!
  expect((10 + length) % 64).toBe(0)
  const header = Buffer.from(file.slice(10, 10 + length)).toString()
  expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }")
  expect(header.at(-1)).toBe('\n')
  const values = new Float32Array(file.slice(10 + length).buffer)
  expect([...values]).toEqual([1, -2, 0.5, 3, 4, 5])
  expect(Buffer.from(encodeNpy(Float32Array.of(1), [1])).toString()).toContain("'shape': (1,)")
})
