import * as tf from '@tensorflow/tfjs'
import { type Replacement, replaceKernel } from '../kernels/register'
import { paddedFirst } from '../padding'
import { ofAnyRank } from '../ranks'
import { segmentSum } from '../webgpu/empty'
import { elementwise } from './elementwise'
import { extremes } from './extremes'
import { products } from './matmul'
import { resizes } from './resize'

const replacements: Readonly<Record<string, Replacement>> = {
  ...elementwise,
  ...extremes,
  ...products,
  ...ofAnyRank('webgl'),
  ...resizes,
  DepthwiseConv2dNative: paddedFirst('webgl', () => true),
  UnsortedSegmentSum: segmentSum,
}

/** A replacement in whole numbers and bits, which WebGL 1 does not have: there the plain kernel stays. */
const onWebgl2 =
  (replacement: Replacement): Replacement =>
  (plain, kernelName) => {
    const kernelFunc = replacement(plain, kernelName)
    return (args) => (tf.env().getNumber('WEBGL_VERSION') === 2 ? kernelFunc(args) : plain(args))
  }

/** Replaces the kernels of tfjs's WebGL backend that are wrong. Without effect the second time, and in Node. */
export function repairWebglKernels(): void {
  for (const [kernel, replacement] of Object.entries(replacements))
    replaceKernel(kernel, onWebgl2(replacement), 'webgl')
}
