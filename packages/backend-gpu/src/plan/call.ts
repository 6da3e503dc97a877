import { isKernelName, type KernelName, type Node, operands, type Value } from '@sgm/tensor/compile'
import { rules } from '../kernels'
import type { Folding, Product, Reader, Rule } from '../kernels/rule'
import type { Place } from '../wgsl/place'
import type { Writer } from '../wgsl/writer'

/** What a call does, its kernel forgotten. */
export type Work =
  | { readonly kind: 'pointwise'; expression(w: Writer, operands: readonly string[]): string }
  | { readonly kind: 'view' | 'direct'; element(reader: Reader, output: Value, at: Place): string }
  | { readonly kind: 'fold'; readonly folding: Folding }
  /** `splits`: into how many parts the inner axis is cut, whose products stand one after the other in the result. */
  | { readonly kind: 'product'; readonly product: Product; readonly splits: number }

/** A call of a kernel, ready to be written. */
export interface Call<W extends Work = Work> {
  /** The kernel's name, for messages and labels. */
  readonly name: string
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly work: W
}

/** The call of a kernel that has code of its own. @throws Error for a kernel that is not known. */
export function callOfNode(node: Node): Call {
  return { name: node.kernel, inputs: operands(node), outputs: node.outputs, work: workOf(node) }
}

function workOf<K extends KernelName>(node: Node<K>): Work {
  const rule = (isKernelName(node.kernel) ? rules[node.kernel] : undefined) as Rule<K> | undefined
  switch (rule?.kind) {
    case 'pointwise':
      return { kind: 'pointwise', expression: (w, names) => rule.expression(w, names, node) }
    case 'view':
    case 'direct':
      return { kind: rule.kind, element: (reader, output, at) => rule.element(reader, node, output, at) }
    case 'fold':
      return { kind: 'fold', folding: rule.folding(node) }
    case 'product':
      return { kind: 'product', product: rule.product(node), splits: 1 }
    default: {
      const site = String(node.site ?? '')
      throw new Error(
        `gpu: expected kernels that have code for GPUs, got ${node.kernel}${site && `, called at ${site}`}`,
      )
    }
  }
}
