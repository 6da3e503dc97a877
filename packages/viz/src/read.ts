import type { Tensor } from '@sgm/tensor'
import { checkTensor, expected, formatShape, isTensor } from '@sgm/tensor/check'

/** Numbers in row-major order with the sizes of their axes. */
export interface Shaped {
  readonly values: ArrayLike<number>
  readonly shape: readonly number[]
}

/**
 * Numbers from anywhere: a tensor (which is read, and stays the caller's), a typed array or an array of numbers, numbers
 * with a shape, or a list of these, whose length is the first axis.
 */
export type Values = Tensor | Shaped | ArrayLike<number> | readonly Values[]

/** Lists in lists beyond this hold themselves. */
const DEEPEST = 16

/** Brings values to the host. @throws RangeError when they are not numbers, or entries of a list differ in shape. */
export async function read(where: string, name: string, source: Values, depth = 0): Promise<Shaped> {
  if (depth > DEEPEST) throw expected(where, `${name} of at most ${DEEPEST} axes`, 'more')
  if (isTensor(source)) {
    checkTensor(where, source, name)
    const { dtype } = source
    if (dtype === 'string' || dtype === 'complex64')
      throw expected(where, `${name} to be real numbers`, dtype)
    return { values: await source.data(), shape: [...source.shape] }
  }
  if (isShaped(source)) {
    const { values, shape } = source
    const size = shape.reduce((a, b) => a * b, 1)
    if (values.length !== size) {
      throw expected(where, `${size} values for ${name} of shape ${formatShape(shape)}`, values.length)
    }
    return source
  }
  if (ArrayBuffer.isView(source)) return { values: source as ArrayLike<number>, shape: [source.length] }
  if (!Array.isArray(source)) throw expected(where, `${name} to be a tensor or numbers`, source)
  if (source.every((value) => typeof value === 'number')) return { values: source, shape: [source.length] }
  if (source.some((value) => typeof value !== 'object' || value === null)) {
    throw expected(
      where,
      `${name} to be numbers`,
      source.find((value) => typeof value !== 'number'),
    )
  }
  return stack(
    where,
    name,
    await Promise.all(source.map((entry: Values) => read(where, name, entry, depth + 1))),
  )
}

/** Values as `[n, columns]`; a flat list of n·columns numbers is taken for rows. @throws RangeError when the shape is another. */
export async function readRows(
  where: string,
  name: string,
  source: Values,
  columns: number,
): Promise<Shaped> {
  const { values, shape } = await read(where, name, source)
  const rows = values.length / columns
  if (values.length === 0) return { values, shape: [0, columns] }
  const flat = shape.length === 1 && Number.isInteger(rows)
  if (!flat && !(shape.length === 2 && shape[1] === columns)) {
    throw expected(where, `${name} of shape [n, ${columns}]`, formatShape(shape))
  }
  return { values, shape: [rows, columns] }
}

/** Values as a flat list. @throws RangeError when a length is given that they do not have. */
export async function readList(
  where: string,
  name: string,
  source: Values,
  length?: number,
): Promise<ArrayLike<number>> {
  const { values } = await read(where, name, source)
  if (length !== undefined && values.length !== length) {
    throw expected(where, `${length} ${name}`, values.length)
  }
  return values
}

/** The least and the greatest of the finite values; none when there are none. */
export function extentOf(values: ArrayLike<number>, from = 0, step = 1): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = from; i < values.length; i += step) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : undefined
}

function isShaped(source: Values): source is Shaped {
  return Array.isArray((source as Shaped)?.shape) && (source as Shaped).values !== undefined
}

function stack(where: string, name: string, entries: readonly Shaped[]): Shaped {
  const [{ shape } = { shape: [] }] = entries
  const size = shape.reduce((a, b) => a * b, 1)
  const values = new Float64Array(size * entries.length)
  entries.forEach((entry, i) => {
    if (formatShape(entry.shape) !== formatShape(shape)) {
      throw expected(where, `entries of ${name} of one shape ${formatShape(shape)}`, formatShape(entry.shape))
    }
    values.set(entry.values, i * size)
  })
  return { values, shape: [entries.length, ...shape] }
}
