import type { TypedArray } from '../../types'
import type { Constant, Node } from '../graph'
import { callOf, type Fresh, sizeOf } from '../rewrite'
import type { Value } from '../value'

/** A graph whose numbers came out of it: they are an input, so that the same graph serves other numbers. */
export interface Lifted {
  /** All numbers in one row, `[1, N]`; undefined where there are none. */
  readonly input: Value | undefined
  /** Constants that remain. */
  readonly constants: readonly Constant[]
  /** What takes the numbers apart. */
  readonly first: readonly Node[]
  /** What each call has become. */
  readonly calls: readonly (readonly Node[])[]
}

/** Whether a constant is of numbers that may be others the next time. Integers say what goes where: they are the graph's own. */
export function isLifted({ value, data }: Constant): boolean {
  return value.dtype === 'float32' && data.length > 0
}

/** Numbers among a call's attributes that may be others the next time; the attributes without them. */
export function numbersIn(node: Node): { readonly numbers: readonly number[]; readonly others: object } {
  if (node.outputs[0]?.dtype !== 'float32') return { numbers: [], others: node.attributes }
  if (node.kernel === 'Fill') {
    const { value, ...others } = node.attributes
    return { numbers: [Number(value)], others }
  }
  if (node.kernel === 'ClipByValue') {
    const { clipValueMin, clipValueMax } = node.attributes
    return { numbers: [clipValueMin, clipValueMax], others: {} }
  }
  return { numbers: [], others: node.attributes }
}

/** The numbers of a recording, in the order in which {@link lift} reads them. */
export function numbersOf(constants: readonly Constant[], nodes: readonly Node[]): Float32Array {
  const parts: (TypedArray | readonly number[])[] = constants.filter(isLifted).map(({ data }) => data)
  for (const node of nodes) {
    const { numbers } = numbersIn(node)
    if (numbers.length > 0) parts.push(numbers)
  }
  const all = new Float32Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Makes numbers an input. */
export function lift(constants: readonly Constant[], nodes: readonly Node[], fresh: Fresh): Lifted {
  const float = { dtype: 'float32' } as const
  /** What each stretch of the input is for. */
  const places: Value[] = constants.filter(isLifted).map(({ value }) => value)
  const calls = nodes.map((node): Node[] => {
    const numbers = numbersIn(node).numbers.map(() => fresh([], float))
    places.push(...numbers)
    const [a, b] = numbers
    const output = node.outputs[0]!
    if (node.kernel === 'Fill' && a) return repeated(a, output, fresh)
    if (node.kernel === 'ClipByValue' && a && b) {
      const least = fresh(output.shape, float)
      return [
        callOf('Maximum', { a: node.inputs.x, b: a }, {}, least),
        callOf('Minimum', { a: least, b }, {}, output),
      ]
    }
    return [node]
  })
  const sizes = places.map(({ shape }) => sizeOf(shape))
  const input = places.length > 0 ? fresh([1, sizes.reduce((a, b) => a + b, 0)], float) : undefined
  return {
    input,
    constants: constants.filter((constant) => !isLifted(constant)),
    first: input ? parted(input, places, sizes, fresh) : [],
    calls,
  }
}

/** The stretches of a row as values of their shapes. */
function parted(row: Value, places: readonly Value[], sizes: readonly number[], fresh: Fresh): Node[] {
  const shaped = (x: Value, place: Value): Node => callOf('Reshape', { x }, { shape: place.shape }, place)
  if (places.length === 1) return [shaped(row, places[0]!)]
  const outputs = sizes.map((size) => fresh([1, size], row))
  const split: Node = {
    kernel: 'SplitV',
    inputs: { x: row },
    attributes: { numOrSizeSplits: [...sizes], axis: 1 },
    outputs,
  }
  return [split, ...places.map((place, i) => shaped(outputs[i]!, place))]
}

/** A number, repeated to the shape of `output`. */
function repeated(x: Value, output: Value, fresh: Fresh): Node[] {
  const shape = output.shape.map(() => 1)
  if (output.shape.length === 0) return [callOf('Identity', { x }, {}, output)]
  const one = fresh(shape, output)
  return [
    callOf('Reshape', { x }, { shape }, one),
    callOf('Tile', { x: one }, { reps: output.shape }, output),
  ]
}
