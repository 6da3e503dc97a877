import { ddpm, mlp, type Network, type TutorialUnetOptions, tutorialUnet } from '@sgm/score'
import type { WorkOf } from './work'

/** The network of a training step or a score, and the shape of what it is given. */
export function networkOf(work: WorkOf<'mlp-step' | 'unet-step' | 'unet-score'>): {
  model: Network
  shape: readonly number[]
} {
  if (work.kind === 'mlp-step') return { model: perceptron(work), shape: [work.batch, 2] }
  const { network, batch, small } = work
  if (network === 'tutorial') {
    const options: TutorialUnetOptions = small ? { widths: [4, 8, 8, 8], groups: [2, 4], embedding: 8 } : {}
    return { model: tutorialUnet(options), shape: [batch, 28, 28, 1] }
  }
  const options = small ? { size: 8, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] } : {}
  const side = small ? 8 : 32
  return { model: ddpm(options), shape: [batch, side, side, 3] }
}

/** The network of work on points. */
export function perceptron({ width }: { readonly width: number }): Network {
  return mlp({ hidden: [width, width, width] })
}
