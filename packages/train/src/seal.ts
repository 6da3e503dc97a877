import { crc32Final, crc32Init, crc32Update } from '@foxglove/crc'
import { expected } from '@sgm/tensor/check'

/** The name of the checksum in a file's metadata, the first there, so that it lies at one place in every file. */
export const CHECKSUM = 'crc32'

/** What stands for the checksum before it is known. */
export const UNSEALED = '00000000'

/** The bytes from the header's begin, after the 8 of its length, to the checksum's digits. */
const prefix = new TextEncoder().encode(`{"__metadata__":{"${CHECKSUM}":"`)
const [START, END] = [8 + prefix.length, 8 + prefix.length + UNSEALED.length]

/** Writes into a file, in place of its {@link UNSEALED}, the CRC-32 of all its other bytes: header, metadata and tensors. */
export function seal(file: Uint8Array): Uint8Array {
  file.set(new TextEncoder().encode(checksumOf(file)), START)
  return file
}

/**
 * Compares a file with its checksum: a CRC-32 finds any one changed bit, any run of up to 32 of them, and of other damage all
 * but one in 2³².
 *
 * @throws RangeError when they differ.
 */
export function checkSeal(where: string, file: Uint8Array): void {
  const found = new TextDecoder().decode(file.subarray(START, END))
  const whole = prefix.every((byte, i) => file[8 + i] === byte)
  const wanted = checksumOf(file)
  if (!whole || found !== wanted) {
    throw expected(where, `an undamaged checkpoint, whose checksum is ${wanted}`, whole ? found : 'none')
  }
}

function checksumOf(file: Uint8Array): string {
  const before = crc32Update(crc32Init(), file.subarray(0, START))
  const all = crc32Final(crc32Update(before, file.subarray(END)))
  return all.toString(16).padStart(UNSEALED.length, '0')
}
