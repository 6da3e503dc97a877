import type { Linear } from '@sgm/tensor/compile'
import { matMul } from './products'
import type { Rules } from './rule'

/** Matrix products; softmax is folds and elementwise kernels. */
export const linear: Rules<Linear> = {
  BatchMatMul: { kind: 'product', product: matMul },
  LogSoftmax: { kind: 'rewritten' },
  Softmax: { kind: 'rewritten' },
}
