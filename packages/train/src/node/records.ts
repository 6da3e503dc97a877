import crc32c from 'crc-32/crc32c.js'

/** Bytes of a record beside its data: length, checksum of the length; checksum of the data. */
const [HEAD, FOOT] = [12, 4]

/**
 * Data as a record of TensorFlow's files: its length (uint64), a checksum of that, the data, a checksum of them, all
 * little-endian.
 *
 * https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
export function encodeRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(HEAD + data.length + FOOT)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true)
  record.set(data, HEAD)
  view.setUint32(HEAD + data.length, maskedCrc(data), true)
  return record
}

/** The data of a file's records, up to the first that is cut short or damaged. */
export function decodeRecords(bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const found: Uint8Array[] = []
  for (let at = 0; at + HEAD + FOOT <= bytes.length; ) {
    const length = Number(view.getBigUint64(at, true))
    if (view.getUint32(at + 8, true) !== maskedCrc(bytes.subarray(at, at + 8))) break
    const end = at + HEAD + length
    if (end + FOOT > bytes.length) break
    const data = bytes.subarray(at + HEAD, end)
    if (view.getUint32(end, true) !== maskedCrc(data)) break
    found.push(data)
    at = end + FOOT
  }
  return found
}

/** CRC-32C (Castagnoli), turned and shifted so that checksums of data that hold checksums stay good ones. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
