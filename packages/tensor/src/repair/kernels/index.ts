import { writtenOut } from '../padding'
import { tile } from './broadcast'
import { conv2dBackpropFilter, conv2dBackpropInput } from './conv'
import { cumsum } from './cumsum'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise'
import { elementwise } from './elementwise'
import { exactIfFinite, exactPerChannel, forFinite, ofLargeWindows } from './finite'
import { inHalves } from './halves'
import { batchMatMul, fusedMatMul } from './matmul'
import { gather, select, transpose } from './nothing'
import { mean, sum } from './reduce'
import { addKernel, compose, type Replacement, replaceKernel } from './register'
import { resizeBilinear, resizeNearest } from './resize'
import { unsortedSegmentSum } from './segment'

const replacements: Readonly<Record<string, Replacement>> = {
  ...elementwise,
  ArgMax: forFinite,
  ArgMin: forFinite,
  AvgPool: compose(ofLargeWindows, exactIfFinite),
  BatchMatMul: batchMatMul,
  ClipByValue: forFinite,
  Conv2D: compose(inHalves, exactPerChannel, writtenOut),
  Conv2DBackpropInput: compose(exactIfFinite, conv2dBackpropInput),
  DepthwiseConv2dNative: compose(exactPerChannel, writtenOut),
  Cumsum: cumsum,
  FusedConv2D: compose(forFinite, writtenOut),
  FusedDepthwiseConv2D: compose(forFinite, writtenOut),
  GatherV2: gather,
  Maximum: forFinite,
  MaxPool: forFinite,
  Mean: mean,
  Minimum: forFinite,
  Relu6: forFinite,
  ResizeBilinear: resizeBilinear,
  ResizeNearestNeighbor: resizeNearest,
  Select: select,
  Sum: sum,
  Tile: tile,
  Transpose: transpose,
  _FusedMatMul: compose(forFinite, fusedMatMul),
}

/** Registers the WASM kernels that tfjs lacks, and replaces those that are wrong or miss the fast path. Without effect the second time. */
export function repairWasmKernels(): void {
  for (const [kernel, replacement] of Object.entries(replacements)) replaceKernel(kernel, replacement)
  addKernel('Conv2DBackpropFilter', exactIfFinite(conv2dBackpropFilter, 'Conv2DBackpropFilter'))
  addKernel('DepthwiseConv2dNativeBackpropInput', depthwiseBackpropInput)
  addKernel('DepthwiseConv2dNativeBackpropFilter', depthwiseBackpropFilter)
  addKernel('UnsortedSegmentSum', unsortedSegmentSum)
}
