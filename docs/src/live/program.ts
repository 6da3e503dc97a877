import type { Executor } from '@sgm/tensor'
import type { Picture } from '@sgm/viz'
import type { OpenEngine } from './engine'
import type { AnyValues, Fact, Options, Spec, Values, Words } from './spec'

/** What a program shows at a time. */
export interface Frame {
  /** Absent where the program has drawn on the canvas itself. */
  readonly picture?: Picture
  readonly facts: readonly Fact[]
  /** The share of the work that is done, in [0, 1]. */
  readonly progress: number
}

/** What a program may use. */
export interface Tools {
  readonly say: (words: Words) => string
  readonly engine: OpenEngine
  /** For functions that run many times: compiles on a GPU, and is absent elsewhere. */
  readonly compile?: { readonly compile: Executor }
  readonly canvas: OffscreenCanvas
  /** The address of the site, with `/` at its end. */
  readonly site: string
}

/** What a demo does: runs once for each change of its values. */
export type Program<V = AnyValues> = (values: V, tools: Tools) => AsyncGenerator<Frame, void, void>

/** A program of a demo, its values typed by the demo's options. */
export const program = <O extends Options>(_: Spec<O>, run: Program<Values<O>>): Program => run as Program
