import { silu } from '@sgm/tensor'
import { type Block, parametersOf } from './block'
import { conv } from './conv'
import { groupNorm } from './group-norm'
import { uniformByFans } from './initializers'
import type { BlockStyle } from './residual'

/** Shape of a head. */
export interface HeadOptions {
  readonly inputs: number
  readonly outputs: number
  /** Scale of the convolution's initial weights. @default 0 */
  readonly scale?: number
}

/** conv(swish(norm x)): `[B, H, W, inputs]` → `[B, H, W, outputs]` by `<name>.norm` and `<name>.conv`. */
export function head(name: string, { inputs, outputs, scale = 0 }: HeadOptions, style: BlockStyle): Block {
  const norm = groupNorm(`${name}.norm`, {
    channels: inputs,
    groups: style.groups(inputs),
    epsilon: style.epsilon,
  })
  const filter = conv(`${name}.conv`, { inputs, outputs, initial: uniformByFans(scale) })
  return {
    parameters: parametersOf(norm, filter),
    apply: (p, x) => filter.apply(p, silu(norm.apply(p, x))),
  }
}
