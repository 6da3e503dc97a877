/** A float64 array on the host: what the ops are held against. */
export interface Host {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

type Index = readonly number[]

const product = (sizes: Index): number => sizes.reduce((a, b) => a * b, 1)

export function host(shape: Index, data: readonly number[]): Host {
  if (product(shape) !== data.length) throw new Error(`host: ${data.length} values for [${shape}]`)
  return { shape, data }
}

/** Numbers spread evenly over (low, high), no two alike, in no order; `phase` gives another set. */
export function spread(shape: Index, low = -1, high = 1, phase = 0): Host {
  const golden = 0.6180339887498949
  return build(shape, (_, i) => low + (high - low) * ((0.37 + (i + 7.3 * phase) * golden) % 1))
}

/** The array whose entry at each index is `f(index)`. */
export function build(shape: Index, f: (index: number[], position: number) => number): Host {
  const index = shape.map(() => 0)
  const data = Array.from({ length: product(shape) }, (_, position) => {
    const value = f([...index], position)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis]! + 1) % shape[axis]!
      if (index[axis] !== 0) break
    }
    return value
  })
  return { shape, data }
}

/** The entry at an index, axes of size 1 stretched and leading axes that the array lacks ignored. */
export function at(x: Host, index: Index): number {
  const skip = index.length - x.shape.length
  return x.data[x.shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis + skip]!), 0)]!
}

/** The entry at an index, 0 outside the array. */
export function padded(x: Host, index: Index): number {
  return x.shape.every((size, axis) => index[axis]! >= 0 && index[axis]! < size) ? at(x, index) : 0
}

export function broadcast(...shapes: Index[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, i) =>
    Math.max(...shapes.map((shape) => shape[shape.length - rank + i] ?? 1)),
  )
}

/** `f` of the operands' entries, stretched to one shape. */
export const elementwise =
  (f: (...values: number[]) => number) =>
  (...xs: Host[]): Host =>
    build(broadcast(...xs.map((x) => x.shape)), (index) => f(...xs.map((x) => at(x, index))))

/** `f` of the entries along `axes`, in row-major order. */
export const reduced =
  (f: (values: number[]) => number, axes?: Index, keepDims = false) =>
  (x: Host): Host => {
    const over = axes ?? x.shape.map((_, i) => i)
    const kept = x.shape.map((size, i) => (over.includes(i) ? 1 : size))
    const inner = x.shape.map((size, i) => (over.includes(i) ? size : 1))
    const full = build(kept, (index) =>
      f([
        ...build(inner, (offset) =>
          at(
            x,
            index.map((i, axis) => i + offset[axis]!),
          ),
        ).data,
      ]),
    )
    return keepDims ? full : { shape: x.shape.filter((_, i) => !over.includes(i)), data: full.data }
  }
