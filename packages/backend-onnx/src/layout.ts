import type { TypedArray } from '@sgm/tensor'

/**
 * The order in which a tensor's axes lie in memory: axis i of the stored tensor is axis `order[i]` of the value.
 * Keeping track of it makes transposes free until somebody needs another order.
 */
export type Order = readonly number[]

/** The order of a value stored as it is. */
export function identity(rank: number): Order {
  return Array.from({ length: rank }, (_, i) => i)
}

/** Whether two orders are the same. */
export function sameOrder(a: Order, b: Order): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i])
}

/** `order` undone: `invert(order)[order[i]] = i`. */
export function invert(order: Order): number[] {
  const result = new Array<number>(order.length)
  order.forEach((axis, i) => {
    result[axis] = i
  })
  return result
}

/** Sizes, pads, repeats, … of a value's axes as the stored tensor has them. */
export function permute<T>(perAxis: readonly T[], order: Order): T[] {
  return order.map((axis) => perAxis[axis]!)
}

/** The axes of a stored tensor that are the given axes of the value. */
export function storedAxes(axes: readonly number[], order: Order): number[] {
  return order.flatMap((axis, i) => (axes.includes(axis) ? [i] : []))
}

/** The order left when axes of the value are removed. */
export function withoutAxes(order: Order, axes: readonly number[]): Order {
  const rest = order.filter((axis) => !axes.includes(axis))
  return rest.map((axis) => axis - axes.filter((gone) => gone < axis).length)
}

/** The transposition that turns a tensor stored in `from` into one stored in `to`. */
export function between(from: Order, to: Order): number[] {
  const at = invert(from)
  return to.map((axis) => at[axis]!)
}

/** Whether a transposition moves no two axes of size above 1 past each other, so that a reshape does it. */
export function isReshape(shape: readonly number[], transposition: readonly number[]): boolean {
  const moved = transposition.filter((axis) => shape[axis] !== 1)
  return moved.every((axis, i) => i === 0 || moved[i - 1]! < axis)
}

/**
 * The order that a reshape of a stored tensor gives, when it splits and merges axes that lie together; undefined when
 * the values would have to move.
 */
export function reshapeOrder(
  from: readonly number[],
  to: readonly number[],
  order: Order,
): Order | undefined {
  const groups = axisGroups(from, to)
  if (!groups) return undefined
  const at = invert(order)
  for (const { source } of groups) {
    const places = source.map((axis) => at[axis]!)
    if (places.some((place, i) => i > 0 && place !== places[i - 1]! + 1)) return undefined
  }
  const placed = groups
    .filter(({ source }) => source.length > 0)
    .sort((a, b) => at[a.source[0]!]! - at[b.source[0]!]!)
  const fresh = groups.filter(({ source }) => source.length === 0)
  return [...placed, ...fresh].flatMap(({ target }) => target)
}

/** Runs of axes of two shapes of equal size whose products agree, outermost first. */
function axisGroups(
  from: readonly number[],
  to: readonly number[],
): { source: number[]; target: number[] }[] | undefined {
  const groups: { source: number[]; target: number[] }[] = []
  let i = 0
  let j = 0
  while (i < from.length || j < to.length) {
    const source: number[] = []
    const target: number[] = []
    let a = 1
    let b = 1
    if (i < from.length) {
      a = from[i]!
      source.push(i++)
    }
    if (j < to.length) {
      b = to[j]!
      target.push(j++)
    }
    while (a !== b) {
      if (a < b) {
        if (i >= from.length) return undefined
        a *= from[i]!
        source.push(i++)
      } else {
        if (j >= to.length) return undefined
        b *= to[j]!
        target.push(j++)
      }
    }
    groups.push({ source, target })
  }
  return groups
}

/** A copy of row-major values of the given shape with its axes in another order. */
export function reordered<T extends TypedArray>(data: T, shape: readonly number[], order: Order): T {
  const result = data.slice() as T
  if (
    sameOrder(
      order,
      order.map((_, i) => i),
    )
  )
    return result
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const sizes = permute(shape, order)
  const steps = permute(strides, order)
  const index = sizes.map(() => 0)
  let source = 0
  for (let i = 0; i < result.length; i++) {
    result[i] = data[source]!
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += steps[axis]!
      index[axis]!++
      if (index[axis]! < sizes[axis]!) break
      source -= steps[axis]! * sizes[axis]!
      index[axis] = 0
    }
  }
  return result
}
