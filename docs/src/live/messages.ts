import type { DemoName } from './demos'
import type { AnyValues, EngineName, Fact, Language } from './spec'

/** How pictures are drawn. */
export interface View {
  readonly theme: 'light' | 'dark'
  /** In pixels of the page. */
  readonly width: number
  /** Pixels of the screen to one of the page. */
  readonly scale: number
}

/** From the page to the worker. */
export type Order =
  | {
      readonly type: 'start'
      readonly name: DemoName
      readonly language: Language
      readonly engine: EngineName
      /** The site's address, where demos find their files. */
      readonly site: string
      /** Whether only the last picture is shown. */
      readonly still: boolean
      readonly canvas: OffscreenCanvas
      readonly view: View
      readonly values: AnyValues
    }
  | { readonly type: 'change'; readonly values: AnyValues }
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'stop' }

/** Where a plot is in its picture, as shares of the picture's size. */
export interface PlotPlace {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** From the worker to the page. */
export type Report =
  | { readonly type: 'engine'; readonly description: string }
  | { readonly type: 'picture'; readonly width: number; readonly height: number; readonly plot?: PlotPlace }
  | { readonly type: 'facts'; readonly facts: readonly Fact[]; readonly progress: number }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string }
