import { expected, matMul, mul, reshape, softmax, type Tensor, tidy, transpose } from '@sgm/tensor'
import { type Block, parametersOf } from './block'
import { groupNorm } from './group-norm'
import { uniformByFans } from './initializers'
import { linear } from './linear'
import { type BlockStyle, joined } from './residual'

/** Shape of an attention block. */
export interface AttentionOptions {
  readonly channels: number
  /** A divisor of `channels`. @default 1 */
  readonly heads?: number
}

/**
 * Self-attention over the places of an image (Vaswani et al. 2017, equation 1; Ho et al. 2020, appendix B): x `[B, H,
 * W, C]` → x + output(softmax(q kᵀ/√d) v) with q, k, v linear in norm(x) and d channels a head.
 *
 * Parameters `<name>.{norm,query,key,value,output}`; the output starts near zero.
 *
 * @throws RangeError unless `heads` divides `channels`.
 */
export function attention(name: string, { channels, heads = 1 }: AttentionOptions, style: BlockStyle): Block {
  if (!Number.isInteger(channels / heads)) {
    throw expected('attention', `heads that divide ${channels} channels`, heads)
  }
  const layer = (at: string, scale: number) =>
    linear(`${name}.${at}`, { inputs: channels, outputs: channels, initial: uniformByFans(scale) })
  const norm = groupNorm(`${name}.norm`, {
    channels,
    groups: style.groups(channels),
    epsilon: style.epsilon,
  })
  const query = layer('query', 0.1)
  const key = layer('key', 0.1)
  const value = layer('value', 0.1)
  const output = layer('output', 0)
  return {
    parameters: parametersOf(norm, query, key, value, output),
    apply: (p, x) =>
      tidy(() => {
        const [batch, height, width] = x.shape as [number, number, number]
        const h = reshape(norm.apply(p, x), [batch, height * width, channels])
        const mixed = attend(query.apply(p, h), key.apply(p, h), value.apply(p, h), heads)
        return joined(x, reshape(output.apply(p, mixed), [...x.shape]), style)
      }),
  }
}

/**
 * softmax(q kᵀ/√d) v for each of several heads of d features (Vaswani et al. 2017, equation 1): q `[B, N, C]`, k and v `[B, M, C]` →
 * `[B, N, C]`.
 */
export function attend(query: Tensor, key: Tensor, value: Tensor, heads: number): Tensor {
  const [batch, places, channels] = query.shape as [number, number, number]
  const parted = (y: Tensor): Tensor =>
    heads === 1 ? y : transpose(reshape(y, [batch, -1, heads, channels / heads]), [0, 2, 1, 3])
  const q = mul(parted(query), Math.sqrt(heads / channels))
  const weights = softmax(matMul(q, parted(key), { transposeB: true }))
  const mixed = matMul(weights, parted(value))
  return heads === 1 ? mixed : reshape(transpose(mixed, [0, 2, 1, 3]), [batch, places, channels])
}
