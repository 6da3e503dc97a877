import { dispose, tensor } from '@sgm/tensor'
import { expectNear, specialCases } from '@sgm/tensor/testing'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { toOnnx } from './index'

/** Float32 rounding of a few chained operators. */
const TOLERANCE = 5e-5

const inputs = specialCases.flatMap((one) => one.inputs)
let taken = 0
const cases = specialCases.map((one) => {
  const first = taken
  taken += one.inputs.length
  return { ...one, first, end: taken }
})

/** All cases in one file, which ONNX Runtime alone runs once. */
async function results(): Promise<InferenceSession.OnnxValueMapType> {
  const examples = inputs.map(({ data, shape }) => tensor(data, shape))
  const bytes = await toOnnx(
    (...xs) => cases.map(({ run, first, end }) => run(...xs.slice(first, end))),
    examples,
    {
      batch: 'fixed',
    },
  )
  dispose(examples)
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const feeds = inputs.map(({ data, shape }, i) => [
    `input_${i}`,
    new OrtTensor('float32', Float32Array.from(data), [...shape]),
  ])
  const values = await session.run(Object.fromEntries(feeds))
  await session.release()
  return values
}

test('a file has the special values of every op', async () => {
  const values = await results()
  const wrong: string[] = []
  for (const [i, { op, label, value }] of cases.entries()) {
    const { dims, data } = values[`output_${i}`]!
    expect(dims, `${op}, ${label}`).toEqual(value.shape)
    await expectNear(data as Float32Array, value.data, TOLERANCE).catch((error: Error) =>
      wrong.push(`${op}, ${label}: ${error.message}`),
    )
  }
  expect(wrong).toEqual([])
})
