import { type Replacement, replaceKernel } from '../kernels/register'
import { cast } from './cast'
import { cumulate } from './cumulate'
import { segmentSum, slice } from './empty'
import { reductions } from './fold'
import { transpose } from './transpose'

const replacements: Readonly<Record<string, Replacement>> = {
  ...reductions,
  Cast: cast,
  Cumprod: cumulate('*'),
  Cumsum: cumulate('+'),
  Slice: slice,
  Transpose: transpose,
  UnsortedSegmentSum: segmentSum,
}

/** Replaces the WebGPU kernels of tfjs that are wrong. Without effect the second time. */
export function repairWebgpuKernels(): void {
  for (const [kernel, replacement] of Object.entries(replacements))
    replaceKernel(kernel, replacement, 'webgpu')
}
