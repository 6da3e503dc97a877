import { add, mul, type NamedTensors, reshape, slice, square, type Tensor, tanh, tidy } from '@sgm/tensor'
import { attend } from './attention'
import { type Block, parametersOf } from './block'
import { uniformByFans, zero } from './initializers'
import { standardised } from './layer-norm'
import { linear } from './linear'

/** Shape of a {@link transformerBlock}. */
export interface TransformerBlockOptions {
  /** Features of a place. */
  readonly width: number
  /** A divisor of `width`. */
  readonly heads: number
  /** Features of the feed-forward layer. */
  readonly hidden: number
  /** Added to the variances of the second normalisation; 1e-6 to those of the first. */
  readonly epsilon: number
}

/** Of normalisations, unless told otherwise. */
const EPSILON = 1e-6

/**
 * Block of DiT with adaLN-Zero (Peebles and Xie 2023, section 3.2): x `[B, N, width]`, condition `[B, width]` →
 * x + g₁ attention(norm(x)(1 + s₁) + b₁), then the same with a feed-forward layer; b, s and g are linear in the condition and
 * zero at first, so that the block starts as the identity.
 *
 * Parameters `<name>.{modulation,query,key,value,output,linear1,linear2}`.
 */
export function transformerBlock(
  name: string,
  { width, heads, hidden, epsilon }: TransformerBlockOptions,
): Block<[x: Tensor, condition: Tensor]> {
  const initial = uniformByFans()
  const layer = (at: string, inputs = width, outputs = width) =>
    linear(`${name}.${at}`, { inputs, outputs, initial })
  const modulation = modulations(`${name}.modulation`, width, 6)
  const [query, key, value, output] = [layer('query'), layer('key'), layer('value'), layer('output')]
  const linear1 = layer('linear1', width, hidden)
  const linear2 = layer('linear2', hidden, width)
  return {
    parameters: parametersOf(modulation, query, key, value, output, linear1, linear2),
    apply: (p, x, condition) =>
      tidy(() => {
        const [shift1, scale1, gate1, shift2, scale2, gate2] = modulation.parts(p, condition)
        const h = modulated(standardised(x, EPSILON), shift1!, scale1!)
        const mixed = attend(query.apply(p, h), key.apply(p, h), value.apply(p, h), heads)
        const seen = add(x, mul(output.apply(p, mixed), gate1!))
        const g = modulated(standardised(seen, epsilon), shift2!, scale2!)
        return add(seen, mul(linear2.apply(p, roundedGelu(linear1.apply(p, g))), gate2!))
      }),
  }
}

/** The last layer of DiT: `<name>.linear` of the normalised and modulated x `[B, N, width]`, zero at first. */
export function transformerHead(
  name: string,
  { width, outputs }: { readonly width: number; readonly outputs: number },
): Block<[x: Tensor, condition: Tensor]> {
  const modulation = modulations(`${name}.modulation`, width, 2)
  const last = linear(`${name}.linear`, { inputs: width, outputs, initial: zero })
  return {
    parameters: parametersOf(modulation, last),
    apply: (p, x, condition) =>
      tidy(() => {
        const [shift, scale] = modulation.parts(p, condition)
        return last.apply(p, modulated(standardised(x, EPSILON), shift!, scale!))
      }),
  }
}

/** `count` vectors `[B, 1, width]` that are linear in a condition `[B, width]`, and zero at first. */
function modulations(name: string, width: number, count: number) {
  const layer = linear(name, { inputs: width, outputs: count * width, initial: zero })
  return {
    parameters: layer.parameters,
    parts: (p: NamedTensors, condition: Tensor): Tensor[] => {
      const all = layer.apply(p, condition)
      return Array.from({ length: count }, (_, i) =>
        reshape(slice(all, [0, i * width], [-1, width]), [-1, 1, width]),
      )
    },
  }
}

function modulated(x: Tensor, shift: Tensor, scale: Tensor): Tensor {
  return add(mul(x, add(scale, 1)), shift)
}

/** GELU by the hyperbolic tangent (Hendrycks and Gimpel 2016, section 2), which published transformers were trained with. */
function roundedGelu(x: Tensor): Tensor {
  const inner = mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI))
  return mul(mul(x, 0.5), add(tanh(inner), 1))
}
