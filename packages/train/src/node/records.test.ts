import { describe, expect, it } from 'vitest'
import { decodeRecords, encodeRecord, maskedCrc } from './records'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('maskedCrc', () => {
  // CRC-32C: RFC 3720, appendix B.4, and the check value of Castagnoli's polynomial; turned right by 15 bits, plus 0xa282ead8.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['123456789', bytes('123456789'), 0xe3069283],
  ])('of %s is that of the standard, masked', (_, data, crc) => {
    const turned = BigInt.asUintN(32, (BigInt(crc) >> 15n) | (BigInt(crc) << 17n))
    expect(maskedCrc(data)).toBe(Number(BigInt.asUintN(32, turned + 0xa282ead8n)))
  })
})

describe('records', () => {
  const [a, b] = [encodeRecord(bytes('first')), encodeRecord(bytes('second one'))]
  const text = (file: Uint8Array) => decodeRecords(file).map((data) => new TextDecoder().decode(data))

  it('come back up to the first that is cut short or changed', () => {
    const file = Buffer.concat([a, b])
    expect(text(file)).toEqual(['first', 'second one'])
    for (let end = a.length; end < file.length; end++) expect(text(file.subarray(0, end))).toEqual(['first'])
    for (let at = 0; at < b.length; at++) {
      const damaged = Uint8Array.from(file)
      damaged[a.length + at]! ^= 4
      expect(text(damaged)).toEqual(['first'])
    }
  })
})
