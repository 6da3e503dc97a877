import type { KernelName } from '@sgm/tensor/compile'
import { elementwise } from './elementwise'
import { images } from './images'
import { linear } from './linear'
import { making } from './making'
import { moving } from './moving'
import { reductions } from './reductions'
import type { Rules } from './rule'

/** How each kernel of a graph is worked out. */
export const rules: Rules<KernelName> = {
  ...elementwise,
  ...images,
  ...linear,
  ...making,
  ...moving,
  ...reductions,
}
