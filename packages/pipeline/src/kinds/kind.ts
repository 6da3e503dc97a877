import type { OnnxInputs } from '@sgm/backend-onnx'
import type { Tensor } from '@sgm/tensor'
import type { Parts } from '../parts'

/** Inputs of a network, by name. */
export type Inputs = Readonly<Record<string, Tensor>>

/** What a run is about, beside its texts. */
export interface Setting {
  /** Of the picture, in pixels. */
  readonly height: number
  readonly width: number
  /** What a network distilled of guidance is told of its scale. */
  readonly embedded: number
  /** Tokens of a text that T5 reads. @default the kind's own */
  readonly tokens: number | undefined
}

/** A family of pipelines: what its networks are and what they are told. */
export interface Kind {
  /** The part that predicts. */
  readonly network: 'unet' | 'transformer'
  /** Scale of classifier-free guidance, where none is asked. */
  readonly guidance: number
  readonly steps: number
  /** Rows and columns of latents that are one token of the network. @default 1 */
  readonly patch?: number
  /** Whether patches are laid into one row of tokens. @default false */
  readonly packs?: boolean
  /** What a timestep is multiplied by on the way to the network. @default 1 */
  readonly timestepScale?: number
  /** Whether the steps of an image to image run are rounded up. @default false */
  readonly roundsUp?: boolean
  /** Whether runs start at level 1 whatever the number of steps, as pipelines of the family ask their schedulers. @default false */
  readonly evenLevels?: boolean
  /** What the network is told of texts, a row each. */
  texts(parts: Parts, texts: readonly string[], setting: Setting): Promise<Inputs>
  /** What it is told where no negative text is given. @default that of the empty text */
  without?(parts: Parts, conditional: Inputs): Inputs | undefined
  /** What it is told of all else, for conditional and unconditional rows alike; the tensors are the caller's. */
  further?(setting: Setting, latents: readonly number[], conditional: Inputs): OnnxInputs
}
