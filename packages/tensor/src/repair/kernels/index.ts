import { conv2dBackpropFilter, conv2dBackpropInput } from './conv'
import { cumsum } from './cumsum'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise'
import { writtenOut } from './forward'
import { batchMatMul, fusedMatMul } from './matmul'
import { gather, transpose } from './nothing'
import { mean, sum } from './reduce'
import { addKernel, replaceKernel } from './register'
import { unsortedSegmentSum } from './segment'

/**
 * Registers the WASM kernels that tfjs lacks and replaces those that miss the fast path. Without effect the second
 * time. `@tensorflow/tfjs-backend-wasm` must have been imported: {@link useBackend} does both; who drives tfjs by
 * hand calls this after that import.
 */
export function repairWasmKernels(): void {
  replaceKernel('BatchMatMul', batchMatMul)
  replaceKernel('_FusedMatMul', fusedMatMul)
  for (const name of ['Conv2D', 'DepthwiseConv2dNative', 'FusedConv2D', 'FusedDepthwiseConv2D'])
    replaceKernel(name, writtenOut)
  replaceKernel('Conv2DBackpropInput', conv2dBackpropInput)
  addKernel('Conv2DBackpropFilter', conv2dBackpropFilter)
  addKernel('DepthwiseConv2dNativeBackpropInput', depthwiseBackpropInput)
  addKernel('DepthwiseConv2dNativeBackpropFilter', depthwiseBackpropFilter)
  addKernel('UnsortedSegmentSum', unsortedSegmentSum)
  replaceKernel('GatherV2', gather)
  replaceKernel('Sum', sum)
  replaceKernel('Mean', mean)
  replaceKernel('Cumsum', cumsum)
  replaceKernel('Transpose', transpose)
}
