import { sameShape, sizeOf } from '@sgm/tensor/compile'
import { product, sum, type Writer } from './writer'

/** Where in a value an element is: by its index in row-major order, by its coordinates, or both. */
export class Place {
  readonly shape: readonly number[]
  #flat: string | undefined
  #coordinates: readonly string[] | undefined

  private constructor(shape: readonly number[], flat?: string, coordinates?: readonly string[]) {
    this.shape = shape
    this.#flat = flat
    this.#coordinates = coordinates
  }

  static flat(shape: readonly number[], index: string): Place {
    return new Place(shape, index)
  }

  static at(shape: readonly number[], coordinates: readonly string[]): Place {
    return new Place(shape, undefined, coordinates)
  }

  /** The index in row-major order. */
  index(w: Writer): string {
    if (this.#flat !== undefined) return this.#flat
    const strides = stridesOf(this.shape)
    const terms = this.#coordinates!.map((at, i) =>
      this.shape[i] === 1 ? '0u' : product(at, w.size(strides[i]!)),
    )
    this.#flat = w.let('u32', sum(...terms))
    return this.#flat
  }

  /** One coordinate for each axis. */
  coordinates(w: Writer): readonly string[] {
    if (this.#coordinates !== undefined) return this.#coordinates
    const index = this.#flat!
    // Of what is empty no element is read, but its code must divide by something.
    const strides = stridesOf(this.shape).map((stride) => Math.max(1, stride))
    const first = this.shape.findIndex((length) => length !== 1)
    this.#coordinates = this.shape.map((length, i) => {
      if (length === 1) return '0u'
      const along = strides[i] === 1 ? index : `${index} / ${w.size(strides[i]!)}`
      if (i === first) return w.let('u32', along)
      return w.let('u32', `${strides[i] === 1 ? index : `(${along})`} % ${w.size(Math.max(1, length))}`)
    })
    return this.#coordinates
  }

  /** The same element of the value in another shape. */
  reshaped(w: Writer, shape: readonly number[]): Place {
    if (sameShape(shape, this.shape)) return this
    return Place.flat(shape, this.index(w))
  }

  /** The element of a value of a smaller shape that is repeated to this one. */
  narrowed(w: Writer, shape: readonly number[]): Place {
    if (sizeOf(shape) === sizeOf(this.shape)) return this.reshaped(w, shape)
    if (sizeOf(shape) === 1) return Place.flat(shape, '0u')
    const all = this.coordinates(w).slice(this.shape.length - shape.length)
    return Place.at(
      shape,
      all.map((at, i) => (shape[i] === 1 ? '0u' : at)),
    )
  }
}

/** How far apart neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, i) => sizeOf(shape.slice(i + 1)))
}
