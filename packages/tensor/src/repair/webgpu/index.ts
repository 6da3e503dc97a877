import { compose, type Replacement, replaceKernel } from '../kernels/register'
import { paddedFirst } from '../padding'
import { ofAnyRank } from '../ranks'
import { addMany } from './add-many'
import { cast } from './cast'
import { cumulate } from './cumulate'
import { elementwise } from './elementwise'
import { segmentSum, slice } from './empty'
import { extremes } from './extremes'
import { reductions } from './fold'
import { integers } from './integers'
import { products } from './matmul'
import { movings } from './moving'
import { resizeBilinear } from './resize'
import { select } from './select'
import { transpose } from './transpose'

const { PadV2, Reverse, Tile } = ofAnyRank('webgpu')

const replacements: Readonly<Record<string, Replacement>> = {
  ...reductions,
  ...elementwise,
  ...extremes,
  ...integers,
  ...movings,
  ...products,
  AddN: addMany,
  Mod: compose(elementwise.Mod!, integers.Mod!),
  Sign: compose(elementwise.Sign!, integers.Sign!),
  DepthwiseConv2dNative: paddedFirst('webgpu', () => true),
  ResizeBilinear: resizeBilinear,
  Cast: cast,
  Cumprod: cumulate('*'),
  Cumsum: cumulate('+'),
  PadV2: compose(movings.PadV2!, PadV2),
  Reverse: compose(movings.Reverse!, Reverse),
  Select: select,
  Tile: compose(movings.Tile!, Tile),
  Slice: compose(slice, movings.Slice!),
  Transpose: transpose,
  UnsortedSegmentSum: segmentSum,
}

/** Replaces the WebGPU kernels of tfjs that are wrong. Without effect the second time. */
export function repairWebgpuKernels(): void {
  for (const [kernel, replacement] of Object.entries(replacements))
    replaceKernel(kernel, replacement, 'webgpu')
}
