import { checkShape, expected, type Shape, type Tensor, type TypedArray } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import type { OrtModule } from '../platform/runtime'
import { elementsOf } from './elements'
import { described, type OnnxValue } from './signature'

/**
 * Further inputs of a model by name: tensors with a row for each row of x, or with one row for all; or a number, which stands in every entry of
 * an input whose sizes are known. Under the name of the input that takes x stand channels that follow those of x, such as a mask.
 */
export type OnnxInputs = Readonly<Record<string, Tensor | number>>

/** Makes tensors of ONNX Runtime. */
export type Make = (
  value: OnnxValue,
  values: ArrayLike<number>,
  shape: Shape,
) => InstanceType<OrtModule['Tensor']>

export const maker =
  (where: string, Tensor: OrtModule['Tensor']): Make =>
  (value, values, shape) => {
    // A model whose sizes are not known says that it has none.
    if (value.shape.length > 0) checkShape(where, value.name, shape, sized(value, shape))
    return new Tensor(value.type as 'float32', elementsOf(where, value).from(values) as Float32Array, shape)
  }

/** Times `[B]` in the form of the model's input: a row each, or one for all. @throws RangeError when one is asked for and they differ. */
export function timesFed(make: Make, value: OnnxValue, times: TypedArray): ReturnType<Make> {
  const { name, shape } = value
  const single = shape.length === 0 || (shape[0] === 1 && times.length > 1)
  if (!single) return make(value, times, shape.length === 1 ? [times.length] : [times.length, 1])
  if (times.some((time) => time !== times[0])) {
    throw expected('fromOnnx', `one time for all rows, as ${name} takes`, [...times])
  }
  return make(
    value,
    times.slice(0, 1),
    shape.map(() => 1),
  )
}

/**
 * An input for a batch.
 *
 * @param rowsOf The axis that counts the rows of x: an input whose first axis is another may have as many rows as it has.
 */
export async function inputFed(
  where: string,
  make: Make,
  value: OnnxValue,
  given: Tensor | number | undefined,
  batch: number,
  rowsOf: number | string | undefined = value.shape[0],
): Promise<ReturnType<Make>> {
  if (typeof given === 'number') {
    const shape = sized(value, [batch, ...value.shape.slice(1).map(() => 0)])
    if (shape.includes(0)) throw expected(where, `a tensor for ${described(value)}`, given)
    return make(value, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(given), shape)
  }
  if (!isTensor(given)) throw expected(where, `among inputs ${described(value)}`, given === undefined ? 'none' : typeof given) // biome-ignore format: message
  const values = await given.data()
  const wanted = sized(value, given.shape)
  const free = value.shape[0] !== rowsOf && given.shape[0] !== 1
  const rows = typeof value.shape[0] === 'string' && !free ? batch : (wanted[0] ?? 1)
  const shape = wanted.length === 0 ? wanted : [rows, ...wanted.slice(1)]
  if (given.shape[0] === 1 && rows > 1) {
    checkShape(where, value.name, given.shape, [1, ...shape.slice(1)])
    const repeated = new Float32Array(rows * values.length)
    for (let row = 0; row < rows; row++) repeated.set(values, row * values.length)
    return make(value, repeated, shape)
  }
  checkShape(where, value.name, given.shape, shape)
  return make(value, values, shape)
}

/** The sizes that the model fixes, and those of a shape where it does not. */
function sized({ shape }: OnnxValue, given: Shape): number[] {
  return shape.map((size, axis) => (typeof size === 'number' && size >= 0 ? size : (given[axis] ?? 0)))
}
