import type { KernelName } from '@sgm/tensor/compile'
import type { Rules } from './context'
import { conv } from './conv'
import { elementwise } from './elementwise'
import { linear } from './linear'
import { reduce } from './reduce'
import { resample } from './resample'
import { shape } from './shape'

/** How each tfjs kernel is written in ONNX operators (opset 18). */
export const loweringRules: Rules<KernelName> = {
  ...conv,
  ...elementwise,
  ...linear,
  ...reduce,
  ...resample,
  ...shape,
}
