import { checkShape, expected, formatShape, type Tensor, type TypedArray, tensor } from '@sgm/tensor'
import { checkBytes, optionsOf } from '@sgm/tensor/check'
import type { InferenceSession } from 'onnxruntime-common'
import { checkOptions, openSession, type RuntimeOptions } from './runtime'

/** Options of {@link fromOnnx}. */
export interface FromOnnxOptions extends RuntimeOptions {
  /** The input that takes x. @default the model's first */
  readonly x?: string
  /** The input that takes the time, of shape `[B]` or `[B, 1]`. @default the model's second, if it has one */
  readonly t?: string
  /** The output that is the score. @default the model's first */
  readonly output?: string
}

/** A score function that ONNX Runtime computes: what samplers take. */
export interface OnnxScore {
  /** x: `[B, ...D]`, t: `[B]` → score: `[B, ...D]`. */
  (x: Tensor, t: Tensor): Promise<Tensor>
  /** Frees what the runtime holds. */
  dispose(): Promise<void>
}

/**
 * A score function from an ONNX model, for example one that PyTorch exported: float32, with an input for x, one or none for the
 * time, and an output of x's shape. A model that predicts something else than the score, or whose images have their channels first,
 * is wrapped like any other function.
 *
 * @param bytes Of an ONNX file.
 * @throws RangeError when an option is out of range or names no input or output of the model, or these have another form.
 * @throws RangeError when the bytes are no model that ONNX Runtime can run, whose reason is the error's cause.
 * @example
 * const { score: exact } = gaussianMixture().diffused(vp())
 * const bytes = await toOnnx(exact, [zeros([1, 2]), zeros([1])])
 * const score = await fromOnnx(bytes)
 * const y = await score(zeros([8, 2]), ones([8]))
 * y.shape // → [8, 2]
 * await score.dispose()
 */
export async function fromOnnx(bytes: Uint8Array, given: FromOnnxOptions = {}): Promise<OnnxScore> {
  const { x: xName, t: tName, output: outputName, ...options } = optionsOf('fromOnnx', given)
  checkBytes('fromOnnx', { bytes })
  checkOptions('fromOnnx', options)
  const { session, Tensor } = await openSession(bytes, options).catch((cause: Error) => {
    throw /onnxruntime-(node|web) to be installed/.test(cause.message)
      ? cause
      : new RangeError('fromOnnx: expected a model that ONNX Runtime can run, got one that it refuses', {
          cause,
        })
  })
  try {
    const { inputMetadata, outputMetadata } = session
    const x = find('x: an input', inputMetadata, xName, 0)!
    const t = find('t: an input', inputMetadata, tName, 1)
    const output = find('output: an output', outputMetadata, outputName, 0)!
    const rank = t?.shape.length ?? 1
    if (rank !== 1 && rank !== 2) throw expected('fromOnnx', 'a time input of rank 1 or 2', `rank ${rank}`)
    const fed = [x.name, t?.name]
    const unfed = inputMetadata.map(({ name }) => name).filter((name) => !fed.includes(name))
    if (unfed.length > 0) throw expected('fromOnnx', 'no inputs beside x and t', unfed.join(', '))

    const score = async (at: Tensor, times: Tensor): Promise<Tensor> => {
      const batch = at.shape[0] ?? 1
      checkShape('fromOnnx', 'times', times.shape, [batch])
      const [values, moments] = await Promise.all([at.data(), times.data()])
      const results = await session.run(
        {
          [x.name]: new Tensor('float32', values as Float32Array, at.shape),
          ...(t && {
            [t.name]: new Tensor('float32', moments as Float32Array, rank === 1 ? [batch] : [batch, 1]),
          }),
        },
        [output.name],
      )
      const { data, dims } = results[output.name]!
      checkShape('fromOnnx', 'a score', dims, at.shape)
      return tensor(data as TypedArray, dims)
    }
    return Object.assign(score, { dispose: () => session.release() })
  } catch (error) {
    await session.release()
    throw error
  }
}

type TensorMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>

/** The named value of a model, or the one at an index: float32. */
function find(
  what: string,
  all: readonly InferenceSession.ValueMetadata[],
  wanted: string | undefined,
  index: number,
): TensorMetadata | undefined {
  const names = all.map(({ name }) => name).join(', ')
  const found = wanted === undefined ? all[index] : all.find(({ name }) => name === wanted)
  if (!found) {
    if (wanted === undefined && index > 0) return undefined
    throw expected('fromOnnx', `${what} of the model (${names})`, wanted ?? 'none')
  }
  if (!found.isTensor || found.type !== 'float32') {
    const got = found.isTensor ? `${found.type} ${formatShape(found.shape as number[])}` : 'no tensor'
    throw expected('fromOnnx', `float32 in ${found.name}`, got)
  }
  return found
}
