import { checkShape, clone, concat, expected, slice, type Tensor, tidy } from '@sgm/tensor'
import { checkOneOf, checkTensors, isTensor, objectOf, optionsOf } from '@sgm/tensor/check'
import { type Channels, channelsOf, toFirst, toLast } from './channels'
import { elementsOf } from './elements'
import { feeder, inputFed, type OnnxInputs, timesFed } from './feeds'
import { guided, type OnnxGuidanceOptions } from './guidance'
import { load, type OnnxSource, type OpenOnnxOptions } from './load'
import { described, type OnnxValue, signatureOf, valuesOf } from './signature'
import { taken } from './taken'

/** Options of {@link fromOnnx}. */
export interface FromOnnxOptions extends OpenOnnxOptions {
  /** The input that takes x. @default `sample` or `hidden_states` where there is one, else the model's first */
  readonly x?: string
  /**
   * The input that takes the time: `[B]`, `[B, 1]`, or one number for all rows; rounded where it takes integers.
   * @default `timestep` where there is one, else the next of the model's inputs, if it has one
   */
  readonly t?: string
  /** The output that is the score, or what the model predicts. @default the model's first */
  readonly output?: string
  /** Further inputs that stay the same for all calls. They must live as long as the score is used. */
  readonly inputs?: OnnxInputs
  /**
   * Where the model's images have their channels; x and the score have them last. `'last'` hands all over as it is.
   * @default 'first' where the sizes of the model's input say so, else 'last'
   */
  readonly channels?: Channels
  /**
   * Whether the model's output has a learned variance after its prediction, twice the channels: `'drop'` leaves it out, `'keep'` gives both, as
   * `fromScheduler` takes them.
   * @default there is none
   */
  readonly variance?: 'drop' | 'keep'
}

/** A score function that ONNX Runtime computes: what samplers take. */
export interface OnnxScore {
  /**
   * x: `[B, ...D]`, t: `[B]` → score: `[B, ...D]`.
   *
   * @param inputs Further inputs of this call, over those that were given once.
   */
  (x: Tensor, t: Tensor, inputs?: OnnxInputs): Promise<Tensor>
  /** What the model takes beside x and the time. */
  readonly inputs: readonly OnnxValue[]
  /**
   * The model guided by what it is conditioned on: u + w (c − u), both from one call.
   *
   * @throws RangeError when an option is out of its range, or the conditions are not of the same inputs.
   */
  guided(options: OnnxGuidanceOptions): (x: Tensor, t: Tensor) => Promise<Tensor>
  /** Frees what the runtime holds. */
  dispose(): Promise<void>
}

/**
 * A score function from an ONNX model, for example one that PyTorch exported: an input for x, one or none for the time, and an output of x's
 * shape, in float32, float16, bfloat16 or float64; further inputs by name, such as text embeddings. A model of bfloat16 is computed in float32,
 * which has its numbers exactly. What a model of diffusers predicts becomes a score by
 * `fromScheduler` of `@sgm/samplers`.
 *
 * @param source Bytes of an ONNX file, or where it is: a path in Node, a URL in browsers.
 * @throws RangeError when an option is out of range or names no input or output of the model, or these have another form; when a call lacks an
 * input, which the message describes.
 * @throws RangeError when the bytes are no model that ONNX Runtime can run, whose reason is the error's cause.
 * @example
 * const { score: exact } = gaussianMixture().diffused(vp())
 * const bytes = await toOnnx(exact, [zeros([1, 2]), zeros([1])])
 * const score = await fromOnnx(bytes)
 * const y = await score(zeros([8, 2]), ones([8]))
 * y.shape // → [8, 2]
 * await score.dispose()
 */
export async function fromOnnx(source: OnnxSource, given: FromOnnxOptions = {}): Promise<OnnxScore> {
  const { x: xName, t: tName, output: outputName, inputs: once = {}, channels, variance, device, ...options } = optionsOf('fromOnnx', given, { runtime: true, threads: true, wasmPaths: true, externalData: true, device: true, x: true, t: true, output: true, inputs: true, channels: true, variance: true }) // biome-ignore format: options
  if (channels !== undefined) checkOneOf('fromOnnx', { channels }, ['first', 'last'])
  if (variance !== undefined) checkOneOf('fromOnnx', { variance }, ['drop', 'keep'])
  objectOf('fromOnnx', once, 'inputs by name')
  const { session, Tensor } = await load('fromOnnx', source, { ...options, ...(device && { device }) })
  try {
    const { x, t, output, further } = signatureOf(valuesOf('fromOnnx', session), {
      x: xName,
      t: tName,
      output: outputName,
    })
    const rank = t?.shape.length ?? 1
    if (rank > 2) throw expected('fromOnnx', 'a time input of rank 0, 1 or 2', `rank ${rank}`)
    for (const value of [x, ...(t ? [t] : []), output, ...further]) elementsOf('fromOnnx', value)
    const first = (channels ?? channelsOf(x)) === 'first'
    checkNames(once, x, further)

    const score = async (at: Tensor, times: Tensor, inputs: OnnxInputs = {}): Promise<Tensor> => {
      checkTensors('fromOnnx', { x: at, t: times })
      checkNames(objectOf('fromOnnx', inputs, 'inputs by name'), x, further)
      const batch = at.shape[0] ?? 1
      checkShape('fromOnnx', 'times', times.shape, [batch])
      const moved = tidy(() => {
        const whole = withMore(at, inputs[x.name] ?? once[x.name])
        return first ? toFirst(whole) : whole
      })
      const feeding = feeder('fromOnnx', Tensor, device)
      if (moved !== at) feeding.own(moved)
      try {
        const feeds = {
          [x.name]: await feeding.feed(x, moved, moved.shape),
          ...(t && { [t.name]: await timesFed(feeding, t, times) }),
        }
        for (const value of further) {
          const given = inputs[value.name] ?? once[value.name]
          feeds[value.name] = await inputFed('fromOnnx', feeding, value, given, batch, x.shape[0])
        }
        const { [output.name]: result } = await session.run(feeds, [output.name])
        return resultOf(await taken('fromOnnx', output, result!, device), at)
      } finally {
        feeding.free()
      }
    }

    const resultOf = (raw: Tensor, at: Tensor): Tensor => {
      try {
        return tidy(() => {
          const y = first ? toLast(raw) : clone(raw)
          const last = at.shape.length - 1
          const wanted = at.shape.map((size, i) => (variance && i === last ? 2 * size : size))
          checkShape('fromOnnx', variance ? 'a prediction and a variance' : 'a score', y.shape, wanted)
          const begin = at.shape.map(() => 0)
          return variance === 'drop' ? slice(y, begin, [...at.shape]) : y
        })
      } finally {
        raw.dispose()
      }
    }

    return Object.assign(score, {
      inputs: further,
      guided: (guidance: OnnxGuidanceOptions) => guided(score, guidance),
      dispose: () => session.release(),
    })
  } catch (error) {
    await session.release()
    throw error
  }
}

/** x with what else the model takes in its place, after its channels. */
function withMore(x: Tensor, more: Tensor | number | undefined): Tensor {
  if (more === undefined) return x
  if (!isTensor(more)) throw expected('fromOnnx', 'a tensor that follows the channels of x', more)
  const [batch = 1] = x.shape
  const shape = [more.shape[0] === 1 ? 1 : batch, ...x.shape.slice(1, -1), more.shape.at(-1) ?? 0]
  checkShape('fromOnnx', 'what follows the channels of x', more.shape, shape)
  return concat([x, more.shape[0] === batch ? more : concat(Array.from({ length: batch }, () => more))], -1)
}

function checkNames(inputs: OnnxInputs, x: OnnxValue, further: readonly OnnxValue[]): void {
  const stray = Object.keys(inputs).find((name) => ![x, ...further].some((value) => value.name === name))
  if (stray === undefined) return
  const known = further.map(described).join(', ') || 'none'
  throw expected('fromOnnx', `inputs beside x and t (${known})`, stray)
}
