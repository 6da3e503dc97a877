import { type Graph, type KernelName, sizeOf } from '@sgm/tensor/compile'
import { partition } from './partition'
import { writeParts } from './write-parts'

/**
 * Makes a graph work on some examples of a batch after the others, where its largest values would have more than `elements` elements:
 * a block's values then stay in the processor's caches from one kernel to the next, and matrix products that sum over the batch, such
 * as gradients of weights, are added up block by block.
 *
 * Sums over the batch are rounded otherwise. Graphs that mix their examples in other ways, as batch
 * normalisation does, stay as they are; so do those with convolutions, which ONNX Runtime blocks well by itself.
 *
 * What is cut how is the kernels' own knowledge; the blocks stand here, for they are ordered and sized for this runtime's scheduler.
 */
export function inBlocks(graph: Graph, elements: number): Graph {
  if (graph.nodes.some(({ kernel }) => isOfImages(kernel))) return graph
  const batch = batchOf(graph)
  const made = partition(graph, batch, 1)?.perPart.flatMap(({ outputs }) => outputs) ?? []
  const largest = Math.max(0, ...made.map(({ shape }) => sizeOf(shape)))
  const parts = divisor(batch, largest / elements)
  return (parts && inParts(graph, parts)) || graph
}

/** Whether a kernel convolves, or is a gradient of one that does. */
const isOfImages = (kernel: KernelName): boolean => /^(Depthwise)?Conv2/i.test(kernel)

/** A graph that works on so many equal parts of the batch after each other, if it can; more than one. */
export function inParts(graph: Graph, parts: number): Graph | undefined {
  if (parts < 2) return undefined
  const partitioned = partition(graph, batchOf(graph), parts)
  return partitioned && writeParts(graph, partitioned, parts)
}

/** The size of the inputs' first axis; where they differ, the largest. */
function batchOf({ inputs }: Graph): number {
  return Math.max(1, ...inputs.map(({ shape }) => shape[0] ?? 1))
}

/** The least divisor that is no less than wanted; none where it would be more than twice that. */
function divisor(batch: number, wanted: number): number | undefined {
  if (wanted <= 1) return undefined
  for (let parts = Math.ceil(wanted); parts <= Math.min(batch, 2 * wanted); parts++) {
    if (batch % parts === 0) return parts
  }
  return undefined
}
