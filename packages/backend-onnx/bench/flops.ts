import { flattenArguments, type Graph, type Node, type Tensor, traceToGraph } from '@sgm/tensor'

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Products behind one entry of a convolution's result: all channels at every place of the filter, or (depthwise) one. */
const taps = ([h, w, channels]: readonly number[]): number => h! * w! * channels!
const places = ([h, w]: readonly number[]): number => h! * w!

const rules: Readonly<Record<string, (node: Node) => number>> = {
  BatchMatMul: ({ inputs, outputs, attributes }) =>
    size(outputs[0]!.shape) * inputs.a!.shape.at(attributes.transposeA ? -2 : -1)!,
  Conv2D: ({ inputs, outputs }) => size(outputs[0]!.shape) * taps(inputs.filter!.shape),
  Conv2DBackpropInput: ({ inputs }) => size(inputs.dy!.shape) * taps(inputs.filter!.shape),
  Conv2DBackpropFilter: ({ inputs, attributes }) =>
    size(inputs.dy!.shape) * taps(attributes.filterShape as number[]),
  DepthwiseConv2dNative: ({ inputs, outputs }) => size(outputs[0]!.shape) * places(inputs.filter!.shape),
  DepthwiseConv2dNativeBackpropInput: ({ inputs }) => size(inputs.dy!.shape) * places(inputs.filter!.shape),
  DepthwiseConv2dNativeBackpropFilter: ({ inputs, attributes }) =>
    size(inputs.dy!.shape) * places(attributes.filterShape as number[]),
}

/** Floating-point operations of a graph's matrix products and convolutions, a multiplication and an addition being two; all else counts nothing. */
export function flopsOf({ nodes }: Graph): number {
  return 2 * nodes.reduce((total, node) => total + (rules[node.kernel]?.(node) ?? 0), 0)
}

/** The same of a function, traced for arguments like these. */
export async function flops<A extends Tensor[]>(fn: (...args: A) => unknown, args: A): Promise<number> {
  const { graph } = await traceToGraph(fn, flattenArguments('flops: arguments', args))
  return flopsOf(graph)
}
