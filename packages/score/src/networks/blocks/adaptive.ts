import { add, gelu, reshape, slice, type Tensor, tidy } from '@sgm/tensor'
import { attend } from './attention'
import { type Block, parametersOf } from './block'
import { conv } from './conv'
import { standardisedGroups } from './group-norm'
import { zero } from './initializers'
import { linear } from './linear'
import { scaledAndShifted } from './residual'

/** What the adaptive blocks of one network share. */
export interface AdaptiveStyle {
  /** Width of the embedding of the noise level. */
  readonly features: number
  /** Groups of a normalisation over so many channels. */
  groups(channels: number): number
  /** Heads of attention among so many channels. */
  heads(channels: number): number
}

/** A block that is told the embedding `[B, features]`. */
export type AdaptiveBlock = Block<[x: Tensor, told: Tensor]>

/** (1 + w) x̂ + b with x̂ the group-normalised x and w, b linear in the embedding by `<name>.mapper`, zero at first. */
function adaptiveNorm(name: string, channels: number, style: AdaptiveStyle): AdaptiveBlock {
  const mapper = linear(`${name}.mapper`, { inputs: style.features, outputs: 2 * channels, initial: zero })
  return {
    parameters: mapper.parameters,
    apply: (p, x, told) =>
      scaledAndShifted(standardisedGroups(x, style.groups(channels), 1e-5), mapper.apply(p, told)),
  }
}

/**
 * Residual block whose normalisations are both adaptive: x + conv(gelu(norm(conv(gelu(norm x))))), by `<name>.main.{0,2,4,6}` in this order
 * and, where the channels change, `<name>.skip`.
 */
export function adaptiveResidual(
  name: string,
  { inputs, middle, outputs }: { readonly inputs: number; readonly middle: number; readonly outputs: number },
  style: AdaptiveStyle,
): AdaptiveBlock {
  const norm1 = adaptiveNorm(`${name}.main.0`, inputs, style)
  const conv1 = conv(`${name}.main.2`, { inputs, outputs: middle })
  const norm2 = adaptiveNorm(`${name}.main.4`, middle, style)
  const conv2 = conv(`${name}.main.6`, { inputs: middle, outputs, initial: zero })
  const skip =
    inputs === outputs ? undefined : conv(`${name}.skip`, { inputs, outputs, size: 1, bias: false })
  return {
    parameters: parametersOf(norm1, conv1, norm2, conv2, skip),
    apply: (p, x, told) =>
      tidy(() => {
        const h = conv1.apply(p, gelu(norm1.apply(p, x, told)))
        return add(conv2.apply(p, gelu(norm2.apply(p, h, told))), skip ? skip.apply(p, x) : x)
      }),
  }
}

/** x + output(attention of norm(x)), by `<name>.{norm_in,qkv_proj,out_proj}`. */
export function adaptiveAttention(name: string, channels: number, style: AdaptiveStyle): AdaptiveBlock {
  const norm = adaptiveNorm(`${name}.norm_in`, channels, style)
  const parts = conv(`${name}.qkv_proj`, { inputs: channels, outputs: 3 * channels, size: 1 })
  const output = conv(`${name}.out_proj`, { inputs: channels, outputs: channels, size: 1, initial: zero })
  return {
    parameters: parametersOf(norm, parts, output),
    apply: (p, x, told) =>
      tidy(() => {
        const [batch, height, width] = x.shape as [number, number, number]
        const all = reshape(parts.apply(p, norm.apply(p, x, told)), [batch, height * width, 3 * channels])
        const [query, key, value] = [0, 1, 2].map((i) =>
          slice(all, [0, 0, i * channels], [batch, height * width, channels]),
        )
        const mixed = attend(query!, key!, value!, style.heads(channels))
        return add(x, output.apply(p, reshape(mixed, [...x.shape])))
      }),
  }
}
