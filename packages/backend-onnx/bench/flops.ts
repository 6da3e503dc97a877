import type { Tensor } from '@sgm/tensor'
import { flattenArguments, type Graph, type Node, sizeOf, traceToGraph } from '@sgm/tensor/compile'

/** Products behind one entry of a convolution's result: all channels at every place of the filter, or (depthwise) one. */
const taps = ([h, w, channels]: readonly number[]): number => h! * w! * channels!
const places = ([h, w]: readonly number[]): number => h! * w!

/** Products that a call makes. */
function products(node: Node): number {
  const result = sizeOf(node.outputs[0]!.shape)
  switch (node.kernel) {
    case 'BatchMatMul':
      return result * node.inputs.a.shape.at(node.attributes.transposeA ? -2 : -1)!
    case 'Conv2D':
      return result * taps(node.inputs.filter.shape)
    case 'Conv2DBackpropInput':
      return sizeOf(node.inputs.dy.shape) * taps(node.inputs.filter.shape)
    case 'Conv2DBackpropFilter':
      return sizeOf(node.inputs.dy.shape) * taps(node.attributes.filterShape)
    case 'DepthwiseConv2dNative':
      return result * places(node.inputs.filter.shape)
    case 'DepthwiseConv2dNativeBackpropInput':
      return sizeOf(node.inputs.dy.shape) * places(node.inputs.filter.shape)
    case 'DepthwiseConv2dNativeBackpropFilter':
      return sizeOf(node.inputs.dy.shape) * places(node.attributes.filterShape)
    default:
      return 0
  }
}

/** Floating-point operations of a graph's matrix products and convolutions, a multiplication and an addition being two; all else counts nothing. */
export function flopsOf({ nodes }: Graph): number {
  return 2 * nodes.reduce((total, node) => total + products(node), 0)
}

/** The same of a function, traced for arguments like these. */
export async function flops<A extends Tensor[]>(fn: (...args: A) => unknown, args: A): Promise<number> {
  const { graph } = await traceToGraph(fn, flattenArguments('flops: arguments', args))
  return flopsOf(graph)
}
