import { concat, dispose, pad, type Tensor, tidy, zeros } from '@sgm/tensor'
import type { Kind } from './kind'
import { encoded } from './text'

/** Tokens that T5 reads, where none are asked. */
const TOKENS = 256

/** Stable Diffusion 3: Esser et al. 2024, "Scaling rectified flow transformers for high-resolution image synthesis". */
export const stableDiffusion3: Kind = {
  network: 'transformer',
  guidance: 7,
  steps: 28,
  patch: 2,
  roundsUp: true,
  async texts(parts, texts, { tokens = TOKENS }) {
    const wanted = { hidden: 'penultimate', pooled: 'text_embeds' } as const
    const clips = [
      await encoded(parts, 'text_encoder', texts, wanted),
      await encoded(parts, 'text_encoder_2', texts, wanted),
    ]
    const { joint_attention_dim: width } = await parts.config('transformer')
    const t5 = parts.has('text_encoder_3')
      ? (await encoded(parts, 'text_encoder_3', texts, { hidden: 'last', length: tokens })).hidden
      : zeros([texts.length, tokens, Number(width)])
    const result = tidy(() => {
      const words = concat(
        clips.map(({ hidden }) => hidden),
        -1,
      )
      return {
        encoder_hidden_states: concat([widened(words, t5.shape[2]!), t5], 1),
        pooled_projections: concat(
          clips.map(({ pooled }) => pooled!),
          -1,
        ),
      }
    })
    dispose([clips.flatMap(({ hidden, pooled }) => [hidden, pooled!]), t5])
    return result
  },
}

/** Zeros after the features. */
function widened(x: Tensor, width: number): Tensor {
  return pad(x, [[0, 0], [0, 0], [0, width - x.shape[2]!]]) // biome-ignore format: a row
}
