import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deserialize, dispose, type NamedTensors, serialize, type Tensor, tensor, zeros } from '..'
import { expectNoLeaks } from '../testing'

/** Shapes, dtypes and values, in order. */
async function contents(tensors: NamedTensors) {
  return Promise.all(
    Object.entries(tensors).map(async ([name, x]) => ({
      name,
      shape: x.shape,
      dtype: x.dtype,
      values: Array.from(await x.data()),
    })),
  )
}

const dtypes = fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const)
const text = fc.string({ unit: 'grapheme' })
const namedTensors = fc.dictionary(
  text.filter((name) => name !== '__metadata__'),
  fc.tuple(dtypes, fc.array(fc.nat({ max: 3 }), { maxLength: 4 })).chain(([dtype, shape]) => {
    const length = shape.reduce((a, b) => a * b, 1)
    const bounds = { minLength: length, maxLength: length }
    const values =
      dtype === 'float32'
        ? fc.float32Array(bounds)
        : dtype === 'int32'
          ? fc.int32Array(bounds)
          : fc.uint8Array({ ...bounds, max: 1 })
    return fc.record({ values, shape: fc.constant(shape), dtype: fc.constant(dtype) })
  }),
  { maxKeys: 5 },
)
type Specs = Record<string, { values: Float32Array; shape: number[]; dtype: 'float32' }>

function make(specs: Specs): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { values, shape, dtype }]) => [name, tensor(values, shape, dtype)]),
  )
}

const metadatas = fc.dictionary(text, text, { maxKeys: 3 })

describe('serialize', () => {
  it('is undone by deserialize, order, shapes, values and metadata', async () => {
    await fc.assert(
      fc.asyncProperty(namedTensors, metadatas, fc.nat({ max: 9 }), async (specs, metadata, shift) => {
        await expectNoLeaks(async () => {
          const tensors = make(specs as Specs)
          const bytes = await serialize(tensors, metadata)
          const shifted = new Uint8Array(bytes.length + shift).subarray(shift)
          shifted.set(bytes)
          const read = deserialize(shifted)
          expect(await contents(read.tensors)).toEqual(await contents(tensors))
          expect({ ...read.metadata }).toEqual({ ...metadata })
          dispose([tensors, read.tensors])
        })
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('takes names of what objects inherit as names, of tensors and of metadata', async () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString']
    const tensors = Object.fromEntries(names.map((name, i) => [name, tensor([i])]))
    const metadata = Object.fromEntries(names.map((name) => [name, `text of ${name}`]))
    const read = deserialize(await serialize(tensors, metadata))
    expect(await contents(read.tensors)).toEqual(
      names.map((name, i) => ({ name, shape: [1], dtype: 'float32', values: [i] })),
    )
    expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata))
    dispose([tensors, read.tensors])
  })

  it('keeps nothing of the bytes it read', async () => {
    const x = tensor([1, 2, 3])
    const bytes = await serialize({ x })
    // As Node's Buffer does.
    Object.defineProperty(bytes, 'slice', { value: bytes.subarray })
    const { tensors } = deserialize(bytes)
    bytes.fill(0)
    expect(Array.from(await tensors.x!.data())).toEqual([1, 2, 3])
    dispose([x, tensors])
  })

  it('refuses what the format cannot hold', async () => {
    const x = zeros([1])
    const text = { ...x, dtype: 'string', shape: [1], data: x.data } as unknown as Tensor
    await expect(serialize({ text })).rejects.toThrow(
      'serialize: expected text of dtype float32, int32, bool, got string',
    )
    await expect(serialize({ x: undefined as unknown as Tensor })).rejects.toThrow(
      'serialize: expected x to be a tensor',
    )
    await expect(serialize({ __metadata__: x })).rejects.toThrow('serialize: expected no tensor under')
    await expect(serialize({ '\ud800': x })).rejects.toThrow('serialize: expected well-formed Unicode')
    await expect(serialize({ x }, { n: 1 as unknown as string })).rejects.toThrow('metadata n to be a string')
    x.dispose()
  })
})
