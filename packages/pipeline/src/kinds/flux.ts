import { tensor, zeros } from '@sgm/tensor'
import type { Kind } from './kind'
import { encoded } from './text'

/** Flux: rectified flow over packed latents, guided by what it is told of the scale. Black Forest Labs 2024. */
export const flux: Kind = {
  network: 'transformer',
  guidance: 1,
  steps: 28,
  patch: 2,
  packs: true,
  timestepScale: 1 / 1000,
  roundsUp: true,
  evenLevels: true,
  async texts(parts, texts, { tokens = 512 }) {
    const clip = await encoded(parts, 'text_encoder', texts, { hidden: 'last', pooled: 'pooler_output' })
    clip.hidden.dispose()
    const { hidden } = await encoded(parts, 'text_encoder_2', texts, { hidden: 'last', length: tokens })
    return { encoder_hidden_states: hidden, pooled_projections: clip.pooled! }
  },
  further: ({ embedded }, [, rows = 0, columns = 0], { encoder_hidden_states: words }) => ({
    guidance: embedded,
    txt_ids: zeros([words!.shape[1]!, 3]),
    img_ids: tensor(
      Array.from({ length: (rows / 2) * (columns / 2) }, (_, i) => [
        0,
        Math.floor(i / (columns / 2)),
        i % (columns / 2),
      ]),
    ),
  }),
}
