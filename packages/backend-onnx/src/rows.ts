import { type Cut, type IsCut, type KernelName, kernels, type Node, type Value } from '@sgm/tensor/compile'

/** What a call makes of operands that are cut. @param isCut True of one operand at least. */
export function cutOf<K extends KernelName>(node: Node<K>, isCut: IsCut, parts: number): Cut {
  return kernels[node.kernel].rows?.cut(node, isCut, parts)
}

/** Whether an operand that is not cut itself has to be, for it meets those that are row by row. */
export function meetsRows<K extends KernelName>(node: Node<K>, { shape }: Value): boolean {
  const rank = kernels[node.kernel].rows?.meetAt?.(node)
  return shape.length === rank && shape[0] === node.outputs[0]!.shape[0]
}

/** A call with other outputs, which may have another number of rows. */
export function withRows<K extends KernelName>(node: Node<K>, outputs: readonly Value[]): Node<K> {
  const attributes = kernels[node.kernel].rows?.attributesFor?.(node.attributes, outputs[0]!.shape)
  return { ...node, attributes: attributes ?? node.attributes, outputs }
}
