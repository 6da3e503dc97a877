import { add, matMul } from '@sgm/tensor'
import type { Block } from './block'
import { type Initializer, uniformByFanIn, zero } from './initializers'

/** A linear layer's widths and how it starts. */
export interface LinearOptions {
  readonly inputs: number
  readonly outputs: number
  /** Of the weight. @default PyTorch's, U(±1/√inputs), for the bias too */
  readonly initial?: Initializer
}

/** x `[..., inputs]` ↦ xW + b `[..., outputs]` by `<name>.weight` `[inputs, outputs]` and `<name>.bias` `[outputs]`. */
export function linear(name: string, { inputs, outputs, initial }: LinearOptions): Block {
  const fallback = uniformByFanIn(inputs)
  return {
    parameters: {
      [`${name}.weight`]: { shape: [inputs, outputs], initial: initial ?? fallback },
      [`${name}.bias`]: { shape: [outputs], initial: initial ? zero : fallback },
    },
    apply: (p, x) => add(matMul(x, p[`${name}.weight`]!), p[`${name}.bias`]!),
  }
}
