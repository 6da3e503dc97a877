import { callsInto, type Fresh, listed, type Node, sizeOf, type Value } from '@sgm/tensor/compile'

/** Values in groups that one vector each can hold: those of numbers together, all others alone. */
export function bundles<T>(items: readonly T[], held: (item: T) => Value): T[][] {
  const numbers = items.filter((item) => held(item).dtype === 'float32')
  const others = items.filter((item) => held(item).dtype !== 'float32')
  return [...(numbers.length > 0 ? [numbers] : []), ...others.map((item) => [item])]
}

/** A vector that holds values one after the other, before it is made. */
export const vectorOf = (values: readonly Value[], fresh: Fresh): Value =>
  fresh([values.reduce((total, { shape }) => total + sizeOf(shape), 0)], values[0]!)

/** Appends the calls that make a vector of values. */
export function bundled(nodes: Node[], values: readonly Value[], fresh: Fresh): Value {
  const call = callsInto(nodes)
  const flat = values.map((x) => {
    const shape = [sizeOf(x.shape)]
    return x.shape.length === 1 ? x : call('Reshape', { x }, { shape }, fresh(shape, x))
  })
  return flat.length === 1 ? flat[0]! : call('Concat', listed(flat), { axis: 0 }, vectorOf(values, fresh))
}

/** Appends the calls that make values of a vector of them. */
export function unbundled(nodes: Node[], vector: Value, values: readonly Value[], fresh: Fresh): void {
  const sizes = values.map(({ shape }) => sizeOf(shape))
  const flat = values.map((x, i) => (values.length > 1 ? fresh([sizes[i]!], x) : vector))
  if (values.length > 1) {
    const attributes = { numOrSizeSplits: sizes, axis: 0 }
    nodes.push({ kernel: 'SplitV', inputs: { x: vector }, attributes, outputs: flat })
  }
  const call = callsInto(nodes)
  for (const [i, value] of values.entries()) call('Reshape', { x: flat[i]! }, { shape: value.shape }, value)
}
