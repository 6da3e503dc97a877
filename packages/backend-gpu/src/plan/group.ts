import { sizeOf, type Value } from '@sgm/tensor/compile'
import type { Call, Work } from './call'
import { type Domain, domainOf, domainOfRepeats, sameDomain, sizesOf } from './domain'
import type { Relation, Sources } from './sources'

/** Calls that one kernel works out. */
export type Shape =
  /** Each thread makes one element of every value, all of them of one size. */
  | { readonly kind: 'map'; readonly size: number }
  /** Threads fold rows together; values have an element for each element that is folded, or one for each row. */
  | { readonly kind: 'fold'; readonly domain: Domain; readonly rows: number; readonly columns: number }
  /** A product, and what comes of each element of its result. */
  | {
      readonly kind: 'product'
      readonly call: Call<Extract<Work, { kind: 'product' }>>
      readonly size: number
    }

/** Rows, from which on a kernel that folds them may make large values too: fewer would keep few processors busy. */
const FEW_ROWS = 16
/** Elements below which that does not matter. */
const FEW_ELEMENTS = 4096

/**
 * How calls fit into one kernel; undefined where they do not.
 *
 * @param isRead Whether a value is read outside of these calls.
 */
export function shapeOf(
  calls: readonly Call[],
  sources: Sources,
  isRead: (value: Value) => boolean,
): Shape | undefined {
  const shape = outline(calls)
  if (!shape) return undefined
  const made = new Map(calls.flatMap((call) => call.outputs.map(({ id }) => [id, call] as const)))
  for (const call of calls) {
    if (!fits(call, shape)) return undefined
    for (const { value, relation } of sources.of(call)) {
      const maker = made.get(value.id)
      if (maker && !connects(maker, call, relation, shape)) return undefined
    }
  }
  if (shape.kind !== 'fold') return shape
  const large = calls.flatMap(({ outputs }) => outputs).some((value) => !isRow(value, shape) && isRead(value))
  return large && shape.rows < FEW_ROWS && shape.rows * shape.columns > FEW_ELEMENTS ? undefined : shape
}

function outline(calls: readonly Call[]): Shape | undefined {
  const products = calls.filter(isProduct)
  const folds = calls.filter(isFold)
  if (products.length > 0) {
    const [call] = products as [(typeof products)[number]]
    if (products.length > 1 || folds.length > 0) return undefined
    // The parts of a product are put together by another kernel.
    if (call.work.splits > 1 && calls.length > 1) return undefined
    return { kind: 'product', call, size: sizeOf(call.outputs[0]!.shape) }
  }
  if (folds.length === 0) return { kind: 'map', size: sizeOf(calls[0]!.outputs[0]!.shape) }
  const domain = foldDomain(folds[0]!)
  if (!folds.every((fold) => sameDomain(foldDomain(fold), domain))) return undefined
  return { kind: 'fold', domain, ...sizesOf(domain) }
}

export function isFold(call: Call): call is Call<Extract<Work, { kind: 'fold' }>> {
  return call.work.kind === 'fold'
}

function isProduct(call: Call): call is Call<Extract<Work, { kind: 'product' }>> {
  return call.work.kind === 'product'
}

const foldDomain = ({ inputs, work }: Call<Extract<Work, { kind: 'fold' }>>): Domain =>
  domainOf(inputs[0]!.shape, work.folding.axes)

/** Whether a value has one element for each row. */
export function isRow({ shape }: Value, { rows }: Extract<Shape, { kind: 'fold' }>): boolean {
  return sizeOf(shape) === rows
}

/** Whether a call makes as many elements as the kernel does. */
function fits(call: Call, shape: Shape): boolean {
  const size = sizeOf(call.outputs[0]!.shape)
  switch (shape.kind) {
    case 'map':
      return size === shape.size
    case 'product':
      return call === shape.call || (call.work.kind === 'pointwise' && size === shape.size)
    case 'fold':
      if (call.work.kind === 'direct') return false
      return size === shape.rows || size === shape.rows * shape.columns
  }
}

/** Whether a call finds an element of another one's result where its own thread has it. */
function connects(maker: Call, reader: Call, relation: Relation, shape: Shape): boolean {
  if (reader.work.kind === 'direct' || relation.kind === 'other') return false
  if (shape.kind !== 'fold') return relation.kind === 'same'
  const [from, to] = [
    isRow(maker.outputs[0]!, shape),
    isFold(reader) ? false : isRow(reader.outputs[0]!, shape),
  ]
  if (relation.kind === 'same') return from === to
  return from && !to && sameDomain(domainOfRepeats(relation.from, relation.to), shape.domain)
}
