import type { Kind } from './kind'
import { encoded } from './text'

/** Stable Diffusion 1.x and 2.x: Rombach et al. 2022, "High-resolution image synthesis with latent diffusion models". */
export const stableDiffusion: Kind = {
  network: 'unet',
  guidance: 7.5,
  steps: 50,
  async texts(parts, texts) {
    const { hidden } = await encoded(parts, 'text_encoder', texts, { hidden: 'last' })
    return { encoder_hidden_states: hidden }
  },
}
