import { Damaged } from '../picture'
import { BitReader, type HuffmanTable } from './bits'
import { blockReader, type Coding, type ScanHead } from './block'
import type { Component, Frame } from './frame'
import { inverseDct } from './idct'

/** The samples of a component. */
export interface Plane extends Component {
  /** Rows of 8 · `columns` samples. */
  readonly samples: Uint8ClampedArray
}

/** What a scan's head names. */
export interface Scan extends ScanHead {
  readonly parts: readonly {
    readonly id: number
    readonly dc: HuffmanTable | undefined
    readonly ac: HuffmanTable | undefined
  }[]
  /** Units between restarts; 0 for none. */
  readonly interval: number
}

/** Samples of all components of a frame, filled scan by scan. */
export interface Planes {
  /** Reads a scan from a place on, and gives the place of the marker that ends it. */
  read(scan: Scan, data: Uint8Array, at: number, quantizations: readonly (Uint16Array | undefined)[]): number
  /** @throws Damaged where a component had no scan. */
  end(): Plane[]
}

/**
 * Room for a frame's samples: one byte each, and two for the coefficients of progressive frames, which come in several scans.
 */
export function planesOf({ progressive, components, columns, rows }: Frame): Planes {
  const block = new Int16Array(64)
  const stores = components.map((component) => ({
    component,
    quantization: undefined as Uint16Array | undefined,
    coefficients: new Int16Array(progressive ? 64 * component.columns * component.rows : 0),
    samples: new Uint8ClampedArray(progressive ? 0 : 64 * component.columns * component.rows),
  }))

  return {
    read(scan, data, at, quantizations) {
      const parts = scan.parts.map((part) => {
        const store = stores.find(({ component }) => component.id === part.id)
        if (!store) throw new Damaged('image data of an unknown colour')
        store.quantization ??= quantizations[store.component.quantization]
        if (!store.quantization) throw new Damaged('image data without their quantisation')
        return { ...part, store }
      })
      const readBlock = blockReader(progressive, scan)
      const bits = new BitReader(data, at)
      const run = { left: 0 }
      const codings: Coding[] = parts.map(({ dc, ac }) => ({ bits, dc, ac, last: 0 }))
      const one = (i: number, row: number, column: number): void => {
        const { store } = parts[i]!
        if (progressive) {
          const from = 64 * (row * store.component.columns + column)
          readBlock(store.coefficients.subarray(from, from + 64), codings[i]!, run)
        } else {
          block.fill(0)
          readBlock(block, codings[i]!, run)
          const { columns: across } = store.component
          const at = 8 * (8 * row * across + column)
          inverseDct(block, store.quantization!, store.samples, at, 8 * across)
        }
      }
      const alone = parts.length === 1 ? parts[0]!.store.component : undefined
      const [across, down] = alone
        ? [Math.ceil(alone.width / 8), Math.ceil(alone.height / 8)]
        : [columns, rows]
      for (let unit = 0; unit < across * down; unit++) {
        if (scan.interval > 0 && unit > 0 && unit % scan.interval === 0) {
          bits.restart(unit / scan.interval - 1)
          run.left = 0
          for (const coding of codings) coding.last = 0
        }
        const [row, column] = [Math.floor(unit / across), unit % across]
        if (alone) one(0, row, column)
        else {
          for (const [i, { store }] of parts.entries()) {
            const { h, v } = store.component
            for (let k = 0; k < h * v; k++) one(i, row * v + Math.floor(k / h), column * h + (k % h))
          }
        }
      }
      bits.align()
      return bits.at
    },
    end() {
      return stores.map(({ component, quantization, coefficients, samples }) => {
        if (!quantization) throw new Damaged('no image data of a colour')
        return {
          ...component,
          samples: progressive ? inPlace(component, coefficients, quantization) : samples,
        }
      })
    },
  }
}

/** The samples of coefficients, row of blocks by row, at the front of the memory that these lie in. */
function inPlace(
  { columns, rows }: Component,
  coefficients: Int16Array<ArrayBuffer>,
  quantization: Uint16Array,
): Uint8ClampedArray {
  const samples = new Uint8ClampedArray(coefficients.buffer, 0, coefficients.length)
  const line = new Uint8ClampedArray(64 * columns)
  for (let row = 0; row < rows; row++) {
    const first = 64 * row * columns
    for (let column = 0; column < columns; column++) {
      const from = first + 64 * column
      inverseDct(coefficients.subarray(from, from + 64), quantization, line, 8 * column, 8 * columns)
    }
    samples.set(line, first)
  }
  return samples
}
