import type { KernelName, Node, Value } from '@sgm/tensor/compile'
import type { Place } from '../wgsl/place'
import type { Writer } from '../wgsl/writer'

/** Gives elements of values to the code of kernels, wherever they are: in memory, or worked out on the spot. */
export interface Reader {
  readonly w: Writer
  read(value: Value, at: Place): string
}

/** The result at a place from the operands at that place; those are names or literals, in the order of the node's inputs. */
export type Expression<K extends KernelName> = (
  w: Writer,
  operands: readonly string[],
  node: Node<K>,
) => string

/** An element of one of the node's outputs. */
export type Element<K extends KernelName> = (
  reader: Reader,
  node: Node<K>,
  output: Value,
  at: Place,
) => string

/** How a kernel folds some axes of its only operand away. */
export interface Folding {
  readonly axes: readonly number[]
  /** What it starts from. */
  first(w: Writer): string
  /** How a total takes up an element or another total. */
  step(w: Writer, total: string, element: string): string
  /** The result from the total of `count` elements. @default the total */
  last?(w: Writer, total: string, count: string): string
  /** Folds to the place of the best element rather than to a total: whether one is better than another. */
  better?(w: Writer, one: string, other: string): string
}

/** A product: result[z, m, n] = Σₖ left[z, m, k] · right[z, k, n], its result being `[batch, rows, columns]` in row-major order. */
export interface Product {
  readonly batch: number
  readonly rows: number
  readonly columns: number
  readonly inner: number
  /** Whether neighbours along the rows, not along the inner axis, are neighbours in the left operand's memory. */
  readonly leftByRows: boolean
  /** Whether neighbours along the inner axis, not along the columns, are neighbours in the right operand's memory. */
  readonly rightByInner: boolean
  /** An element of the left operand, for indices in range; `z`, `m` and `k` are names. */
  left(reader: Reader, z: string, m: string, k: string): string
  right(reader: Reader, z: string, k: string, n: string): string
}

/** How the executor works a kernel out. */
export type Rule<K extends KernelName> =
  | { readonly kind: 'pointwise'; readonly expression: Expression<K> }
  /** Moves or makes elements: written into whatever reads them. */
  | { readonly kind: 'view'; readonly element: Element<K> }
  /** Works out each element by itself, at some cost. */
  | { readonly kind: 'direct'; readonly element: Element<K> }
  | { readonly kind: 'fold'; readonly folding: (node: Node<K>) => Folding }
  | { readonly kind: 'product'; readonly product: (node: Node<K>) => Product }
  /** Is rewritten as other kernels before any code is written. */
  | { readonly kind: 'rewritten' }

/** A rule for each of some kernels. */
export type Rules<K extends KernelName> = { readonly [Name in K]: Rule<Name> }
