import { sizeOf } from '@sgm/tensor/compile'

/** One axis of what a fold reads, neighbours of a kind put together. */
export interface Axis {
  readonly length: number
  readonly folded: boolean
}

/** What a fold works on: equal for folds of the same elements in the same order. */
export type Domain = readonly Axis[]

/** The domain of a fold of some axes; axes of length 1 are nowhere. */
export function domainOf(shape: readonly number[], axes: readonly number[]): Domain {
  const domain: Axis[] = []
  for (const [i, length] of shape.entries()) {
    if (length === 1) continue
    const folded = axes.includes(i)
    const last = domain.at(-1)
    if (last?.folded === folded) domain[domain.length - 1] = { length: last.length * length, folded }
    else domain.push({ length, folded })
  }
  return domain
}

/** The domain in which a value is repeated from one shape to another: the axes along which it repeats count as folded. */
export function domainOfRepeats(from: readonly number[], to: readonly number[]): Domain {
  const aligned = [...Array<number>(to.length - from.length).fill(1), ...from]
  return domainOf(
    to,
    to.flatMap((_, i) => (aligned[i] === 1 ? [i] : [])),
  )
}

export function sameDomain(a: Domain, b: Domain): boolean {
  return (
    a.length === b.length &&
    a.every((axis, i) => axis.length === b[i]!.length && axis.folded === b[i]!.folded)
  )
}

/** How many elements there are, rows (folded to one each), and elements in a row. */
export function sizesOf(domain: Domain) {
  const along = (folded: boolean): number =>
    sizeOf(domain.filter((axis) => axis.folded === folded).map(({ length }) => length))
  return { rows: along(false), columns: along(true) }
}
