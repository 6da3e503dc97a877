import { add, alignRows, matMul, type Tensor, tensor, zeros } from '@sgm/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromOnnx, openOnnx, toOnnx } from '../index'

const model = await toOnnx(
  (x: Tensor, t: Tensor) => add(matMul(x, tensor([[1, 2], [3, 4]])), alignRows(t, x)), // biome-ignore format: rows
  [zeros([1, 2]), zeros([1])],
  { inputs: ['x', 't'] },
)

/** The model with some bytes changed, and cut or made longer. */
const damaged = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(model.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    fc.oneof(fc.constant(model.length), fc.nat(model.length)),
    fc.uint8Array({ maxLength: 3 }),
  )
  .map(([changes, length, tail]) => {
    const copy = model.slice()
    for (const [at, byte] of changes) copy[at] = byte
    return Uint8Array.from([...copy.subarray(0, length), ...tail])
  })

describe.each([
  ['openOnnx', openOnnx],
  ['fromOnnx', fromOnnx],
] as const)('%s', (name, open) => {
  it.each([
    ['any bytes', fc.uint8Array({ maxLength: 200 })],
    ['a damaged model', damaged],
  ] as const)('opens or refuses %s', async (_, files) => {
    await fc.assert(
      fc.asyncProperty(files, async (bytes) => {
        try {
          const opened = await open(bytes, { threads: 1 })
          await opened.dispose()
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          const { message } = error as Error
          expect(message).toMatch(new RegExp(`^${name}: expected .*, got [^\\n]{0,120}$`))
          expect(message).not.toMatch(/protobuf|Protobuf|onnxruntime|status code|Cannot/)
        }
      }),
      { numRuns: 60, seed: 3 },
    )
  })
})
