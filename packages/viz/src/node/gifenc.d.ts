declare module 'gifenc' {
  type Palette = number[][]
  type Format = 'rgb565' | 'rgb444' | 'rgba4444'
  interface FrameOptions {
    readonly palette?: Palette
    /** Milliseconds. */
    readonly delay?: number
    /** -1 shows it once, 0 for ever. */
    readonly repeat?: number
    readonly transparent?: boolean
    readonly transparentIndex?: number
    /** 1 leaves the frame where the next is drawn. */
    readonly dispose?: number
  }
  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options?: FrameOptions): void
    finish(): void
    bytes(): Uint8Array
  }
  export function GIFEncoder(): Encoder
  export function quantize(rgba: Uint8Array, colors: number, options?: { readonly format?: Format }): Palette
  export function applyPalette(rgba: Uint8Array, palette: Palette, format?: Format): Uint8Array
}
