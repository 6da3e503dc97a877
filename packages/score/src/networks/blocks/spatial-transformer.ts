import {
  add,
  expectedType,
  formatShape,
  gelu,
  matMul,
  mul,
  reshape,
  slice,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import { attend } from './attention'
import { type Block, parametersOf } from './block'
import { conv } from './conv'
import { groupNorm } from './group-norm'
import { uniformByFans } from './initializers'
import { layerNorm } from './layer-norm'
import { linear } from './linear'

/** Shape of a {@link spatialTransformer}. */
export interface SpatialTransformerOptions {
  readonly channels: number
  /** A divisor of `channels`. */
  readonly heads: number
  /** Groups of the normalisation, a divisor of `channels`. */
  readonly groups: number
  readonly context: ContextOptions
}

/** What images are told by attention. */
export interface ContextOptions {
  /** Features of a token. */
  readonly width: number
  /** Blocks in a row. */
  readonly layers: number
  /** Whether the layers before and after are linear, or convolutions 1×1; they compute the same. */
  readonly linear: boolean
}

/** Of the normalisation of images, and of places. */
const [OUTER, INNER] = [1e-6, 1e-5]

/**
 * Attention over the places of an image and to a context (Rombach et al. 2022, appendix E.2.1): x `[B, H, W, C]`, context `[B, L, D]` → x +
 * what blocks of attention to itself, attention to the context and a gated feed-forward layer make of it.
 *
 * Parameters `<name>.{norm,input,output}` and `<name>.<i>.{norm1,self,norm2,cross,norm3,linear1,linear2}`, of `self` and `cross`
 * `{query,key,value,output}`, the first three without a bias.
 *
 * @throws TypeError, when applied, unless the context is `[B, L, D]`.
 */
export function spatialTransformer(
  name: string,
  { channels, heads, groups, context }: SpatialTransformerOptions,
): Block<[x: Tensor, context: Tensor | undefined]> {
  const norm = groupNorm(`${name}.norm`, { channels, groups, epsilon: OUTER })
  const initial = uniformByFans()
  const outer = (at: string): Block =>
    context.linear
      ? linear(`${name}.${at}`, { inputs: channels, outputs: channels, initial })
      : conv(`${name}.${at}`, { inputs: channels, outputs: channels, size: 1, initial })
  const [input, output] = [outer('input'), outer('output')]
  const layers = Array.from({ length: context.layers }, (_, i) =>
    layer(`${name}.${i}`, channels, heads, context.width),
  )
  return {
    parameters: parametersOf(norm, input, ...layers, output),
    apply: (p, x, told) =>
      tidy(() => {
        const [batch, height, width] = x.shape as [number, number, number]
        if (told?.shape.length !== 3 || told.shape[0] !== batch || told.shape[2] !== context.width) {
          const got = told ? formatShape(told.shape) : 'none'
          throw expectedType('spatialTransformer', `a condition [${batch}, L, ${context.width}]`, got)
        }
        let h = reshape(input.apply(p, norm.apply(p, x)), [batch, height * width, channels])
        for (const layer of layers) h = layer.apply(p, h, told)
        return add(x, output.apply(p, reshape(h, [batch, height, width, channels])))
      }),
  }
}

/** One block: x `[B, N, C]` and context `[B, L, D]` → `[B, N, C]`. */
function layer(
  name: string,
  width: number,
  heads: number,
  context: number,
): Block<[x: Tensor, context: Tensor]> {
  const norm = (at: string) => layerNorm(`${name}.${at}`, width, INNER)
  const [norm1, norm2, norm3] = [norm('norm1'), norm('norm2'), norm('norm3')]
  const self = attention(`${name}.self`, width, heads, width)
  const cross = attention(`${name}.cross`, width, heads, context)
  const initial = uniformByFans()
  const linear1 = linear(`${name}.linear1`, { inputs: width, outputs: 8 * width, initial })
  const linear2 = linear(`${name}.linear2`, { inputs: 4 * width, outputs: width, initial })
  return {
    parameters: parametersOf(norm1, self, norm2, cross, norm3, linear1, linear2),
    apply: (p, x, told) => {
      const own = norm1.apply(p, x)
      const h = add(x, self.apply(p, own, own))
      const g = add(h, cross.apply(p, norm2.apply(p, h), told))
      const both = linear1.apply(p, norm3.apply(p, g))
      const half = (i: number): Tensor => slice(both, [0, 0, 4 * width * i], [-1, -1, 4 * width])
      return add(g, linear2.apply(p, mul(half(0), gelu(half(1)))))
    },
  }
}

/** Attention of x `[B, N, width]` to y `[B, M, context]`. */
function attention(
  name: string,
  width: number,
  heads: number,
  context: number,
): Block<[x: Tensor, y: Tensor]> {
  const initial = uniformByFans()
  const weight = (at: string, inputs: number) => ({
    [`${name}.${at}.weight`]: { shape: [inputs, width], initial },
  })
  const output = linear(`${name}.output`, { inputs: width, outputs: width, initial })
  return {
    parameters: {
      ...weight('query', width),
      ...weight('key', context),
      ...weight('value', context),
      ...output.parameters,
    },
    apply: (p, x, y) => {
      const seen = (at: string, z: Tensor): Tensor => matMul(z, p[`${name}.${at}.weight`]!)
      return output.apply(p, attend(seen('query', x), seen('key', y), seen('value', y), heads))
    },
  }
}
