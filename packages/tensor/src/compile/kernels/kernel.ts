import type { GraphDType, Value } from '../value'

/** Shape and element type of a value that a kernel makes. */
export interface Inferred {
  readonly shape: readonly number[]
  readonly dtype: GraphDType
}

/** A kernel's inputs, by tfjs's names for them: `a`, `b`, `x`, `filter`, …; `0`, `1`, … where there are as many as one likes. */
export type Inputs = Readonly<Record<string, Value>>

/** The only input of many kernels. */
export type X = { readonly x: Value }

/** Attributes as tfjs declares them, which nobody changes. */
export type Frozen<A> = A extends object ? { readonly [Name in keyof A]: Frozen<A[Name]> } : A

/** One use of a kernel. */
export interface Use<I = Inputs, A = object> {
  readonly inputs: I
  readonly attributes: A
  readonly outputs: readonly Value[]
}

/** What a kernel is, whoever runs it: all that tracing, the passes over graphs and executors ask of one. */
export interface Kernel<I = Inputs, A = object> {
  /** What it makes of its inputs, a list where it makes several values. Nothing is computed. */
  readonly infer: (inputs: I, attributes: A) => Inferred | readonly Inferred[]
  /** Whether its result at a place depends on its inputs at that place alone, small inputs being repeated to the result's shape. */
  readonly pointwise?: true
  /** How the rows of a batch pass through it. */
  readonly rows?: Rows<I, A>
  /** The value that its result has everywhere, whatever the input. */
  readonly fills?: number
  /** Whether it repeats its input and does nothing else. */
  readonly repeats?: true
  /** Whether it hands its input on as it is. */
  readonly copies?: (x: Value, result: Value) => boolean
}

/**
 * What a call makes of operands that are cut into equal parts along their first axis: `rows`, when the parts of its result depend on
 * those parts alone; `sum`, when its result is the sum (for means: the mean) of what it makes of the parts. Nothing is known of other
 * calls.
 */
export type Cut = 'rows' | 'sum' | undefined

/** Whether an operand is cut. */
export type IsCut = (value: Value) => boolean

/** How a kernel works on equal parts of its operands along their first axis. */
export interface Rows<I = Inputs, A = object> {
  /** @param isCut True of one operand at least. */
  readonly cut: (use: Use<I, A>, isCut: IsCut, parts: number) => Cut
  /** The rank of operands that meet row by row: those that are not cut themselves have to be. */
  readonly meetAt?: (use: Use<I, A>) => number
  /** The attributes with which it makes a value of another number of rows. */
  readonly attributesFor?: (attributes: A, shape: readonly number[]) => A
}

/** A kernel with its types checked: a list of them keeps the types of each. */
export function kernel<I, A = object>(definition: Kernel<I, A>): Kernel<I, A> {
  return definition
}

/**
 * An axis counted from the front.
 *
 * @param rank Number of axes.
 * @example
 * fromFront(-1, 3) // → 2
 */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}
