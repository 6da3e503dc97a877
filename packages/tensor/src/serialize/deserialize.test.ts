import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deserialize, dispose, serialize, zeros } from '..'
import { expectNoLeaks } from '../testing'

const encoder = new TextEncoder()

/** A file of the given header and data bytes. */
function file(header: unknown, data = 0): Uint8Array {
  const text = encoder.encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

describe('deserialize', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  const second = { dtype: 'F32', shape: [1], data_offsets: [8, 12] }
  const huge = 2 ** 53 - 1

  const bad: [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(0), 'a file of at least 8 bytes, got 0'],
    ['a cut length', new Uint8Array(7), 'a file of at least 8 bytes, got 7'],
    ['a header longer than the file', file('{}').subarray(0, 9), 'a header length in [2, 1], got 2'],
    ['a header of 2^64 - 1 bytes', new Uint8Array(64).fill(255), 'got 18446744073709551615'],
    ['no header', new Uint8Array(16), 'a header length in [2, 8], got 0'],
    ['bytes that are no UTF-8', file('{"\u00ff":').map((x) => (x === 0xc3 ? 0xff : x)), 'a header in UTF-8'],
    ['a space before the header', file(' {}'), "'{' at character 0"],
    ['a list', file('[]'), "'{' at character 0"],
    ['more after the header', file('{}x'), 'nothing more at character 2'],
    ['an unfinished object', file('{"a":'), "'{' at character 5 of the header, got the end"],
    ['an unfinished string', file('{"a'), 'the end of a string'],
    ['a bad escape', file('{"\\x":{}}'), 'a quoted name at character 1'],
    ['a trailing comma', file('{"__metadata__":{},}'), 'a quoted name'],
    ['deep nesting', file(`{"a":${'['.repeat(10_000)}`), "'{' at character 5"],
    ['two equal names', file('{"a":{},"\\u0061":{}}'), 'dtype, shape and two data_offsets of "a"'],
    [
      'two equal names, well formed',
      file(`{"a":${JSON.stringify(entry)},"\\u0061":${JSON.stringify(entry)}}`, 8),
      'each name once, got "a" twice',
    ],
    ['two equal fields', file('{"a":{"dtype":"F32","dtype":"F32"}}'), 'each name once, got "dtype" twice'],
    [
      'a name of a million characters',
      file({ ['n'.repeat(1e6)]: { ...entry, shape: [1] } }, 8),
      `4 bytes for "${'n'.repeat(64)}…" of`,
    ],
    [
      'two prototypes',
      file(`{"__proto__":${JSON.stringify(entry)},"__proto__":${JSON.stringify(entry)}}`, 8),
      'each name once, got "__proto__" twice',
    ],
    ['a field that objects inherit', file('{"a":{"__proto__":"F32"}}'), 'of "a", got "__proto__"'],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), 'a quoted value of "a"'],
    ['a further field', file({ a: { ...entry, strides: [] } }, 8), 'of "a", got "strides"'],
    ['a missing field', file({ a: { dtype: 'F32', shape: [2] } }, 8), 'two data_offsets of "a", got fewer'],
    ['one offset', file({ a: { ...entry, data_offsets: [0] } }), 'two data_offsets'],
    ['three offsets', file({ a: { ...entry, data_offsets: [0, 8, 8] } }, 8), 'at most 2 integers'],
    ['a negative size', file({ a: { ...entry, shape: [-2] } }, 8), 'an integer in [0, 2^53) at'],
    ['a fraction', file({ a: { ...entry, shape: [2.5] } }, 8), 'an integer in [0, 2^53) at'],
    ['an exponent', file('{"a":{"shape":[2e0]}}'), 'an integer in [0, 2^53) at'],
    ['a leading zero', file('{"a":{"shape":[02]}}'), 'an integer in [0, 2^53) at'],
    ['a size of 2^53', file('{"a":{"shape":[9007199254740992]}}'), 'an integer in [0, 2^53) at'],
    ['65 axes', file({ a: { ...entry, shape: Array(65).fill(1) } }, 8), 'at most 64 integers'],
    ['an unknown dtype', file({ a: { ...entry, dtype: 'F8_E4M3' } }, 8), 'a dtype of "a" among F32'],
    ['a dtype that objects inherit', file({ a: { ...entry, dtype: 'constructor' } }, 8), 'a dtype of "a"'],
    [
      'a product over 2^53',
      file({ a: { ...entry, shape: [huge, huge, 0] } }),
      'fewer than 2^53 bytes in "a"',
    ],
    [
      'a shape that is too large',
      file({ a: { ...entry, shape: [2 ** 51 - 1] } }, 8),
      '9007199254740988 bytes for "a"',
    ],
    [
      'a shape that is too small',
      file({ a: { ...entry, shape: [1] } }, 8),
      '4 bytes for "a" of shape [1], got 8',
    ],
    ['offsets that run backwards', file({ a: { ...entry, data_offsets: [8, 0] } }, 8), 'got -8'],
    ['offsets past the end', file({ a: entry }, 7), '8 bytes after the header, got 7'],
    ['bytes of no tensor', file({ a: entry }, 9), '8 bytes after the header, got 9'],
    [
      'a hole',
      file({ a: entry, b: { ...second, data_offsets: [12, 16] } }, 16),
      '"b" to begin at byte 8, got 12',
    ],
    [
      'an overlap',
      file({ a: entry, b: { ...second, data_offsets: [4, 8] } }, 8),
      '"b" to begin at byte 8, got 4',
    ],
    ['one place for two', file({ a: entry, b: entry }, 8), '"b" to begin at byte 8, got 0'],
    ['a beginning past 0', file({ b: second }, 12), '"b" to begin at byte 0, got 8'],
  ]
  for (const [what, bytes, message] of bad) {
    it(`refuses ${what}`, () => {
      expectNoLeaks(() => {
        expect(() => deserialize(bytes)).toThrow(RangeError)
        expect(() => deserialize(bytes)).toThrow(/^deserialize: expected /)
        expect(() => deserialize(bytes)).toThrow(message)
      })
    })
  }

  it('refuses integers that do not fit 32 bits', () => {
    for (const [dtype, bytes] of [
      ['I64', [0, 0, 0, 0x80, 0, 0, 0, 0]],
      ['U64', [0, 0, 0, 0, 0, 0, 0, 0x80]],
      ['U32', [0, 0, 0, 0x80]],
    ] as const) {
      const whole = file({ a: { dtype, shape: [1], data_offsets: [0, bytes.length] } }, bytes.length)
      whole.set(bytes, whole.length - bytes.length)
      expect(() => deserialize(whole)).toThrow('deserialize: expected integers of 32 bits in "a", got ')
    }
  })

  it('holds files to a number of tensors', () => {
    const entries = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [i, { dtype: 'F32', shape: [0], data_offsets: [0, 0] }]),
      )
    expectNoLeaks(() => {
      expect(() => deserialize(file(entries(40_000)))).toThrow(
        'deserialize: expected at most 16384 tensors (the option tensors), got more',
      )
      expect(() => deserialize(file(entries(3)), { tensors: 2 })).toThrow('at most 2 tensors')
      const { tensors } = deserialize(file(entries(3)), { tensors: 3 })
      expect(Object.keys(tensors)).toHaveLength(3)
      dispose(tensors)
    })
  })

  it('frees what it has made where an integer does not fit', () => {
    const header = {
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      b: { dtype: 'U32', shape: [1], data_offsets: [4, 8] },
    }
    const bytes = file(header, 8)
    bytes.fill(255, bytes.length - 4)
    expectNoLeaks(() => {
      expect(() => deserialize(bytes)).toThrow('integers of 32 bits in "b", got 4294967295')
    })
  })

  it('takes names that objects inherit as names', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const { tensors } = deserialize(
      file(
        Object.fromEntries(names.map((name) => [name, { dtype: 'F32', shape: [0], data_offsets: [0, 0] }])),
      ),
    )
    expect(Object.keys(tensors)).toEqual(names)
    dispose(Object.values(tensors))
  })

  it('takes any order of entries and fields, spaces and zero sizes', async () => {
    const header = `{ "b" : {"data_offsets":[4 , 8],"shape":[1,1],"dtype":"F32"},\n"e":{"dtype":"I64","shape":[0,${huge}],"data_offsets":[4,4]},"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]} } \t`
    const bytes = file(header, 8)
    bytes[bytes.length - 8] = 5
    const { tensors } = deserialize(bytes.buffer as ArrayBuffer)
    expect(Object.entries(tensors).map(([name, x]) => [name, x.dtype, x.shape])).toEqual([
      ['b', 'float32', [1, 1]],
      ['e', 'int32', [0, huge]],
      ['a', 'int32', []],
    ])
    expect(Array.from(await tensors.a!.data())).toEqual([5])
    dispose(tensors)
  })

  it('reads any byte but 0 as true', async () => {
    const bytes = file({ a: { dtype: 'BOOL', shape: [3], data_offsets: [0, 3] } }, 3)
    bytes.set([0, 2, 255], bytes.length - 3)
    const { tensors } = deserialize(bytes)
    expect(Array.from(await tensors.a!.data())).toEqual([0, 1, 1])
    dispose(tensors)
  })

  it('refuses other things than bytes', () => {
    for (const other of ['{}', null, new Float32Array(4), [1, 2]]) {
      expect(() => deserialize(other as unknown as Uint8Array)).toThrow(TypeError)
    }
  })

  it('gives a valid result or its own RangeError for any damage', async () => {
    const tensors = { weight: zeros([2, 3]), bias: zeros([3]) }
    const whole = await serialize(tensors, { step: '12' })
    dispose(tensors)
    const edit = fc.record({ at: fc.nat({ max: whole.length - 1 }), byte: fc.nat({ max: 255 }) })
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 3 }),
        fc.option(fc.nat({ max: whole.length }), { nil: whole.length }),
        (edits, length) => {
          const bytes = whole.slice(0, length)
          for (const { at, byte } of edits) if (at < length) bytes[at] = byte
          expectNoLeaks(() => accept(bytes))
        },
      ),
      { numRuns: 2000, seed: 2 },
    )
  })

  it('gives a valid result or its own RangeError for any header', () => {
    const integer = fc.oneof(fc.nat({ max: 16 }), fc.constantFrom(huge, 2 ** 31, -1, 0.5))
    const anyEntry = fc.record(
      {
        dtype: fc.constantFrom('F32', 'I64', 'BOOL', 'BF16', 'F4', ''),
        shape: fc.array(integer, { maxLength: 3 }),
        data_offsets: fc.array(integer, { maxLength: 3 }),
      },
      { requiredKeys: ['dtype'] },
    )
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(anyEntry, fc.json()), { maxKeys: 4 }),
        fc.nat(32),
        (header, data) => expectNoLeaks(() => accept(file(header, data))),
      ),
      { numRuns: 1000, seed: 3 },
    )
  })

  function accept(bytes: Uint8Array): void {
    try {
      const { tensors } = deserialize(bytes)
      for (const x of Object.values(tensors)) {
        expect(x.size).toBe(x.shape.reduce((a, b) => a * b, 1))
        expect(x.size).toBeLessThanOrEqual(bytes.length)
      }
      dispose(Object.values(tensors))
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
      expect((error as Error).message).toMatch(/^deserialize: expected /)
    }
  }
})
