import { describe, expect, it } from 'vitest'
import reference from '../../fixtures/safetensors-reference.json'
import { deserialize, dispose, serialize } from '..'

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

describe('the reference implementation', () => {
  for (const [name, { file, metadata, tensors }] of Object.entries(reference).slice(1) as [
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

  it('has the dtypes that a conversion is stated for', () => {
    const { tensors } = deserialize(fromBase64(reference.read.file))
