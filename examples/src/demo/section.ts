import type { Executor, Key } from '@sgm/tensor'
import type { Picture } from '@sgm/viz'
import type { Row } from './measure'

/** Where a section says how far it has come. */
export type Progress = (task: string, done: number, total: number, note?: string) => void

/** How much work the demo does. */
export interface Effort {
  /** Training steps of each model of points. @default 3000 */
  readonly steps: number
  /** Points drawn by each sampler. @default 2000 */
  readonly samples: number
  /** Training steps of the model of grey glyphs. @default 1800 */
  readonly greySteps: number
  /** Training steps of the model of coloured glyphs. @default 900 */
  readonly colourSteps: number
  /** Glyphs in a batch. @default 16 */
  readonly batch: number
  /** Glyphs drawn by each sampler. @default 60 */
  readonly glyphs: number
  /** Steps of the sampler of glyphs. @default 100 */
  readonly glyphSteps: number
  /** Tolerances that digits are solved for by the ODE, 1e-3 among them. @default 1e-1, 1e-3, 1e-5 */
  readonly tolerances: readonly number[]
  /** Channels of the U-Net. @default 32 */
  readonly width: number
}

/** What a section is made with. */
export interface Context {
  readonly key: Key
  readonly effort: Effort
  readonly executor: Executor
  readonly progress: Progress
  readonly signal?: AbortSignal
}

/** A figure of the report: one picture, or frames that are shown in turn. */
export interface Illustration {
  /** Of its files, without what ends them. */
  readonly name: string
  readonly caption: string
  readonly picture: Picture
  /** Frames that end as the picture looks. */
  readonly frames?: readonly Picture[]
  /** Frames a second. @default 12 */
  readonly fps?: number
}

/** A part of the report. */
export interface Section {
  readonly title: string
  /** What is shown, in a paragraph. */
  readonly text: string
  readonly figures: readonly Illustration[]
  readonly rows: readonly Row[]
}

/** Makes a section: its figures, and its quantities beside their true values. */
export type MakeSection = (context: Context) => Promise<Section>
