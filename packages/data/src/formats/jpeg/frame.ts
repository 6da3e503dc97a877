import { Damaged } from '../picture'

/** One of the colours that a picture is stored in. */
export interface Component {
  /** The name that scans call it by. */
  readonly id: number
  /** Samples of it along x and y for each of the coarsest component. */
  readonly h: number
  readonly v: number
  readonly quantization: number
  /** Samples a pixel, along x and along y. */
  readonly scaleX: number
  readonly scaleY: number
  /** Samples that count. */
  readonly width: number
  readonly height: number
  /** Blocks that there are room for: as many as whole units of all components need. */
  readonly columns: number
  readonly rows: number
}

/** What the head of a JPEG frame says. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly progressive: boolean
  readonly components: readonly Component[]
  /** Units of all components, 8·h × 8·v samples of each, along x and y. */
  readonly columns: number
  readonly rows: number
}

/** Names of the kinds of JPEG that are not read, by their marker. */
const UNREAD: Readonly<Record<number, string>> = {
  195: 'lossless',
  197: 'hierarchical',
  198: 'hierarchical',
  199: 'lossless',
  201: 'arithmetic',
  202: 'arithmetic',
  203: 'lossless',
  205: 'hierarchical',
  206: 'hierarchical',
  207: 'lossless',
}

/** Whether a marker begins a frame. */
export function isFrame(marker: number): boolean {
  return marker in UNREAD || (marker >= 0xc0 && marker <= 0xc2)
}

/** Reads a frame's head: ITU-T T.81 (1992), B.2.2. @throws Damaged for what is not read, or makes no sense. */
export function frameOf(marker: number, head: Uint8Array): Frame {
  if (UNREAD[marker]) throw new Damaged(`one with ${UNREAD[marker]} coding`)
  const [precision = 0, ...rest] = head
  if (precision !== 8) throw new Damaged(`one of ${precision} bits`)
  const [height, width] = [256 * rest[0]! + rest[1]!, 256 * rest[2]! + rest[3]!]
  const count = rest[4]!
  if (![1, 3, 4].includes(count) || head.length !== 6 + 3 * count) {
    throw new Damaged(`one of ${count} colours`)
  }
  const stated = Array.from({ length: count }, (_, i) => {
    const [id, factors, quantization] = head.subarray(6 + 3 * i) as unknown as [number, number, number]
    return { id, h: factors >> 4, v: factors & 15, quantization }
  })
  if (stated.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) {
    throw new Damaged('colours of an impossible size')
  }
  const [maxH, maxV] = [Math.max(...stated.map(({ h }) => h)), Math.max(...stated.map(({ v }) => v))]
  const [columns, rows] = [Math.ceil(width / 8 / maxH), Math.ceil(height / 8 / maxV)]
  const components = stated.map((component) => ({
    ...component,
    scaleX: component.h / maxH,
    scaleY: component.v / maxV,
    width: Math.ceil((width * component.h) / maxH),
    height: Math.ceil((height * component.v) / maxV),
    columns: columns * component.h,
    rows: rows * component.v,
  }))
  return { width, height, progressive: marker === 0xc2, components, columns, rows }
}
