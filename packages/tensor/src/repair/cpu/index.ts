import type { Info } from '../info'
import { compose, replaceKernel } from '../kernels/register'
import { paddedFirst } from '../padding'
import { longConvolution } from './convolution'
import { elementwise } from './elementwise'
import { extremes } from './extremes'
import { type CpuBackend, valuesOf } from './host'
import { typedIfEmpty } from './nothing'
import { resizes } from './resize'
import { sums } from './sums'

const convolution = paddedFirst('cpu', ({ inputs, backend }) => {
  const weights = valuesOf(backend as CpuBackend, inputs.filter as Info)
  return !weights.every(Number.isFinite)
})

const replacements = {
  ...elementwise,
  ...extremes,
  ...resizes,
  ...sums,
  Concat: typedIfEmpty,
  Conv2D: compose(convolution, longConvolution(false)),
  DepthwiseConv2dNative: compose(convolution, longConvolution(true)),
  Pack: typedIfEmpty,
}

/** Replaces the kernels of tfjs's CPU backend that are wrong. Without effect the second time. */
export function repairCpuKernels(): void {
  for (const [kernel, replacement] of Object.entries(replacements)) replaceKernel(kernel, replacement, 'cpu')
}
