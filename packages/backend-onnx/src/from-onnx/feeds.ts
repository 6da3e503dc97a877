import { checkShape, concat, expected, type Shape, type Tensor, tidy } from '@sgm/tensor'
import { checkTensor, isTensor } from '@sgm/tensor/check'
import type { OrtModule } from '../platform/runtime'
import type { OnnxDevice } from './device'
import { elementsOf } from './elements'
import { described, type OnnxValue } from './signature'

/**
 * Further inputs of a model by name: tensors with a row for each row of x, or with one row for all; or a number, which stands in every entry of
 * an input whose sizes are known. Under the name of the input that takes x stand channels that follow those of x, such as a mask.
 */
export type OnnxInputs = Readonly<Record<string, Tensor | number>>

type Made = InstanceType<OrtModule['Tensor']>

/** Makes what a run of a model is fed with, and frees it after the run. */
export interface Feeder {
  /** Of values of the host. */
  make(value: OnnxValue, values: ArrayLike<number>, shape: Shape): Made
  /** Of a tensor, in another shape: its memory on a device, a copy elsewhere. */
  feed(value: OnnxValue, x: Tensor, shape: Shape): Promise<Made>
  /** Keeps a tensor until {@link free}. */
  own(x: Tensor): Tensor
  free(): void
}

export function feeder(where: string, Tensor: OrtModule['Tensor'], device: OnnxDevice | undefined): Feeder {
  const held: { dispose(): void }[] = []
  // A model whose sizes are not known says that it has none.
  const checked = (value: OnnxValue, shape: Shape): void => {
    if (value.shape.length > 0) checkShape(where, value.name, shape, sized(value, shape))
  }
  const make: Feeder['make'] = (value, values, shape) => {
    checked(value, shape)
    return new Tensor(value.type as 'float32', elementsOf(where, value).from(values) as Float32Array, shape)
  }
  return {
    make,
    async feed(value, x, shape) {
      checked(value, shape)
      const given = device?.give(x, value.type, shape)
      if (!given) return make(value, await x.data(), shape)
      held.push(given)
      return given
    },
    own(x) {
      held.push(x)
      return x
    },
    free() {
      for (const one of held.splice(0)) one.dispose()
    },
  }
}

/** Times `[B]` in the form of the model's input: a row each, or one for all. @throws RangeError when one is asked for and they differ. */
export async function timesFed(
  { make, feed }: Pick<Feeder, 'make' | 'feed'>,
  value: OnnxValue,
  times: Tensor,
): Promise<Made> {
  const { name, shape } = value
  const rows = times.shape[0] ?? 1
  if (rows === 1 || (shape.length > 0 && shape[0] !== 1)) {
    return feed(value, times, shape.length === 2 ? [rows, 1] : shape.map(() => rows))
  }
  const all = await times.data()
  if (all.some((time) => time !== all[0])) {
    throw expected('fromOnnx', `one time for all rows, as ${name} takes`, [...all])
  }
  return make(
    value,
    all.slice(0, 1),
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
  { make, feed, own }: Feeder,
  value: OnnxValue,
  given: Tensor | number | undefined,
  batch: number,
  rowsOf: number | string | undefined = value.shape[0],
): Promise<Made> {
  if (typeof given === 'number') {
    const shape = sized(value, [batch, ...value.shape.slice(1).map(() => 0)])
    if (shape.includes(0)) throw expected(where, `a tensor for ${described(value)}`, given)
    return make(value, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(given), shape)
  }
  if (!isTensor(given)) throw expected(where, `among inputs ${described(value)}`, given === undefined ? 'none' : typeof given) // biome-ignore format: message
  checkTensor(where, given, described(value))
  const wanted = sized(value, given.shape)
  const free = value.shape[0] !== rowsOf && given.shape[0] !== 1
  const rows = typeof value.shape[0] === 'string' && !free ? batch : (wanted[0] ?? 1)
  const shape = wanted.length === 0 ? wanted : [rows, ...wanted.slice(1)]
  if (given.shape[0] === 1 && rows > 1) {
    checkShape(where, value.name, given.shape, [1, ...shape.slice(1)])
    return feed(value, own(tidy(() => concat(Array.from({ length: rows }, () => given)))), shape)
  }
  checkShape(where, value.name, given.shape, shape)
  return feed(value, given, shape)
}

/** The sizes that the model fixes, and those of a shape where it does not. */
function sized({ shape }: OnnxValue, given: Shape): number[] {
  return shape.map((size, axis) => (typeof size === 'number' && size >= 0 ? size : (given[axis] ?? 0)))
}
