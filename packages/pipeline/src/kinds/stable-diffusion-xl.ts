import { concat, dispose, tensor, zerosLike } from '@sgm/tensor'
import type { Kind } from './kind'
import { encoded } from './text'

/** Stable Diffusion XL: Podell et al. 2024, "SDXL: improving latent diffusion models for high-resolution image synthesis". */
export const stableDiffusionXl: Kind = {
  network: 'unet',
  guidance: 5,
  steps: 50,
  async texts(parts, texts) {
    const first = parts.has('text_encoder')
      ? [(await encoded(parts, 'text_encoder', texts, { hidden: 'penultimate' })).hidden]
      : []
    const { hidden, pooled } = await encoded(parts, 'text_encoder_2', texts, {
      hidden: 'penultimate',
      pooled: 'text_embeds',
    })
    const both = concat([...first, hidden], -1)
    dispose([first, hidden])
    return { encoder_hidden_states: both, text_embeds: pooled! }
  },
  without({ index }, conditional) {
    if (index.force_zeros_for_empty_prompt === false) return undefined
    return Object.fromEntries(Object.entries(conditional).map(([name, x]) => [name, zerosLike(x)]))
  },
  // sizes before and after the cut, nothing cut away
  further: ({ height, width }) => ({ time_ids: tensor([[height, width, 0, 0, height, width]]) }),
}
