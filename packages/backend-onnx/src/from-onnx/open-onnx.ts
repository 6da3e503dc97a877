import { expected, expectedType, type Tensor } from '@sgm/tensor'
import { isTensor, objectOf, optionsOf } from '@sgm/tensor/check'
import { elementsOf } from './elements'
import { feeder, inputFed, type OnnxInputs } from './feeds'
import { load, type OnnxSource, type OpenOnnxOptions } from './load'
import { described, type OnnxSignature, valuesOf } from './signature'
import { taken } from './taken'

/** An ONNX model of any inputs and outputs. */
export interface OnnxModel extends OnnxSignature {
  /**
   * Runs the model.
   *
   * @param inputs By name, all of them; float32 tensors serve for all element types, one row for a batch.
   * @param outputs Names of those wanted. @default all
   * @returns Outputs by name, in float32; the caller's to free.
   * @throws RangeError when an input is missing, has another shape or no such name; when an output has no such name.
   */
  run(inputs: OnnxInputs, outputs?: readonly string[]): Promise<Readonly<Record<string, Tensor>>>
  /** Frees what the runtime holds. */
  dispose(): Promise<void>
}

/**
 * Opens an ONNX model whose inputs and outputs are tensors by name, for example a text encoder or a decoder of images. What is a score, or
 * predicts one, {@link fromOnnx} opens.
 *
 * @param source Bytes of an ONNX file, or where it is: a path in Node, a URL in browsers.
 * @throws RangeError when an option is out of range, or the model is none that ONNX Runtime can run, whose reason is the error's cause.
 * @example
 * const options = { inputs: ['x'], outputs: ['y'] }
 * const bytes = await toOnnx((x: Tensor) => mul(x, 2), [zeros([1, 2])], options)
 * const model = await openOnnx(bytes)
 * const outputs = await model.run({ x: ones([3, 2]) })
 * await model.dispose()
 */
export async function openOnnx(source: OnnxSource, options: OpenOnnxOptions = {}): Promise<OnnxModel> {
  const settings = optionsOf('openOnnx', options, { runtime: true, threads: true, wasmPaths: true, externalData: true, device: true }) // biome-ignore format: options
  const { session, Tensor } = await load('openOnnx', source, settings)
  try {
    const { inputs, outputs } = valuesOf('openOnnx', session)
    for (const value of [...inputs, ...outputs]) elementsOf('openOnnx', value)
    const run: OnnxModel['run'] = async (given, names = outputs.map(({ name }) => name)) => {
      objectOf('openOnnx', given, 'inputs by name')
      if (!Array.isArray(names) || names.length === 0) {
        throw expectedType('openOnnx', 'names of outputs', names)
      }
      const stray = Object.keys(given).find((name) => !inputs.some((input) => input.name === name))
      if (stray !== undefined) throw expected('openOnnx', `inputs ${inputs.map(described).join(', ')}`, stray)
      const wanted = names.map((name) => {
        const found = outputs.find((output) => output.name === name)
        if (!found) throw expected('openOnnx', `outputs ${outputs.map(described).join(', ')}`, name)
        return found
      })
      const tensors = Object.values(given).filter(isTensor)
      const batch = tensors.reduce((most, { shape: [rows = 1] }) => Math.max(most, rows), 1)
      const feeding = feeder('openOnnx', Tensor, settings.device)
      try {
        const feeds: Record<string, Awaited<ReturnType<typeof feeding.feed>>> = {}
        for (const value of inputs) {
          feeds[value.name] = await inputFed('openOnnx', feeding, value, given[value.name], batch)
        }
        const results = await session.run(feeds, names)
        const made: Record<string, Tensor> = {}
        for (const value of wanted) {
          made[value.name] = await taken('openOnnx', value, results[value.name]!, settings.device)
        }
        return made
      } finally {
        feeding.free()
      }
    }
    return { inputs, outputs, run, dispose: () => session.release() }
  } catch (error) {
    await session.release()
    throw error
  }
}
