import { describe, expect, it } from 'vitest'
import reference from '../../fixtures/safetensors-reference.json'
import { deserialize, dispose, serialize } from '..'

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

describe('the reference implementation', () => {
  const { versions: _, inherited, ...cases } = reference
  for (const [name, { file, metadata, tensors }] of Object.entries(cases) as [
    string,
    { file: string; metadata: object; tensors: Record<string, { shape: number[]; values: unknown[] }> },
  ][]) {
    it(`wrote what is read here: ${name}`, async () => {
      const read = deserialize(fromBase64(file))
      expect(read.metadata).toEqual(metadata)
      expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort())
      for (const [key, { shape, values }] of Object.entries(tensors)) {
        const x = read.tensors[key]!
        expect(x.shape).toEqual(shape)
        expect(Array.from(await x.data())).toEqual(values.map(Number))
      }
      dispose(read.tensors)
    })
  }

  it('wrote names of what objects inherit, and they are names', async () => {
    const { tensors, metadata } = deserialize(fromBase64(inherited.file))
    expect(Object.keys(tensors).sort()).toEqual(inherited.names)
    for (const [i, name] of inherited.names.entries()) {
      expect(Array.from(await tensors[name]!.data())).toEqual([i])
    }
    expect(Object.entries(metadata).sort()).toEqual(inherited.names.map((name) => [name, name]))
    dispose(tensors)
  })

  it('has the dtypes that a conversion is stated for', () => {
    const { tensors } = deserialize(fromBase64(reference.read.file))
    const dtypes = Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, x.dtype]))
    const floats = { BF16: 'float32', F16: 'float32', F64: 'float32' }
    const integers = Object.fromEntries(
      ['I16', 'I64', 'I8', 'U16', 'U32', 'U64', 'U8'].map((name) => [name, 'int32']),
    )
    expect(dtypes).toEqual({ ...floats, ...integers, odd: 'bool' })
    dispose(tensors)
  })

  it('wrote the bytes that are written here', async () => {
    for (const { file } of [reference.written, reference.empty]) {
      const { tensors, metadata } = deserialize(fromBase64(file))
      expect(await serialize(tensors, metadata)).toEqual(fromBase64(file))
      dispose(tensors)
    }
  })
})
