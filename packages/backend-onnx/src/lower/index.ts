import type { KernelName } from '@sgm/tensor/compile'
import type { Rules } from './context'
import { conv } from './conv'
import { elementwise } from './elementwise'
import { linear } from './linear'
import { pools } from './pool'
import { reduce } from './reduce'
import { resizing } from './resize'
import { shape } from './shape'

/** How each tfjs kernel is written in ONNX operators (opset 18). */
export const loweringRules: Rules<KernelName> = {
  ...conv,
  ...elementwise,
  ...linear,
  ...pools,
  ...reduce,
  ...resizing,
  ...shape,
}
