import type { NamedTensors, Shape } from '@sgm/tensor'
import { checkTensors, expected, formatShape, objectOf } from '@sgm/tensor/check'

/** Throws RangeError unless `tensors` are exactly the ones named, of the shapes given. */
export function checkParameters(
  where: string,
  shapes: Readonly<Record<string, Shape>>,
  tensors: NamedTensors,
): void {
  checkTensors(where, objectOf(where, tensors, 'named tensors'))
  const missing = Object.keys(shapes).filter((name) => !Object.hasOwn(tensors, name))
  if (missing.length > 0) throw expected(where, `a tensor ${some(missing)}`, 'none')
  checkNoOthers(
    where,
    Object.keys(tensors).filter((name) => !Object.hasOwn(shapes, name)),
  )
  for (const [name, shape] of Object.entries(shapes)) checkShapeOf(where, name, tensors[name]!.shape, shape)
}

/** Throws RangeError unless a tensor has the shape wanted. */
export function checkShapeOf(where: string, name: string, got: Shape, wanted: Shape): void {
  if (formatShape(got) !== formatShape(wanted)) {
    throw expected(where, `${name} of shape ${formatShape(wanted)}`, formatShape(got))
  }
}

/** Throws RangeError where tensors are left that nothing asks for. */
export function checkNoOthers(where: string, names: readonly string[]): void {
  if (names.length > 0) throw expected(where, 'no other tensors', some(names))
}

const some = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
