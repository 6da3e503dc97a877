import { Damaged, type Picture } from './picture'

/** The head of a PNG file. */
export interface PngHead {
  readonly width: number
  readonly height: number
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number
  /** 0: grey; 2: colours; 3: numbers of a palette; 4: grey and alpha; 6: colours and alpha. */
  readonly type: number
  readonly interlaced: boolean
}

/** Part of the pixels: every dx-th of a row from x on, in every dy-th row from y on. */
interface Pass {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }]

/** The order of interlaced pixels: the specification, section 8.2. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
]

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** A picture that is being read: its rows come in pieces of any size. */
interface Reading {
  take(piece: Uint8Array): void
  end(): Picture
}

/**
 * Puts the inflated rows of a PNG file into a picture of bytes: filters are undone, alpha is left out, 16 bits become 8 (the
 * higher ones), fewer are spread over 0 to 255.
 */
export function pngRows(head: PngHead, palette: Uint8Array): { size: number; begin(): Reading } {
  const { width, height, depth, type, interlaced } = head
  const bits = depth * SAMPLES[type]!
  const passes = (interlaced ? ADAM7 : WHOLE)
    .map((pass) => {
      const columns = Math.max(0, Math.ceil((width - pass.x) / pass.dx))
      const rows = Math.max(0, Math.ceil((height - pass.y) / pass.dy))
      return { ...pass, columns, rows, bytes: 1 + Math.ceil((columns * bits) / 8) }
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0)
  const size = passes.reduce((sum, { rows, bytes }) => sum + rows * bytes, 0)
  const channels = type === 0 || type === 4 ? 1 : 3
  return { size, begin }

  function begin(): Reading {
    const picture = { width, height, channels, bytes: new Uint8Array(width * height * channels) } as const
    const queue = passes[Symbol.iterator]()
    let pass = queue.next().value
    let [row, filled] = [0, 0]
    let [line, above] = [new Uint8Array(pass?.bytes ?? 0), new Uint8Array(pass?.bytes ?? 0)]
    const distance = Math.ceil(bits / 8)
    return {
      take(piece) {
        for (let at = 0; at < piece.length; ) {
          if (!pass) throw new Damaged('more image data than its size allows')
          const part = piece.subarray(at, at + line.length - filled)
          line.set(part, filled)
          filled += part.length
          at += part.length
          if (filled < line.length) return
          unfilter(line, above, distance)
          const from = ((pass.y + row * pass.dy) * width + pass.x) * channels
          place(line, pass.columns, picture.bytes, from, pass.dx)
          ;[line, above, filled, row] = [above, line, 0, row + 1]
          if (row < pass.rows) continue
          pass = queue.next().value
          row = 0
          ;[line, above] = [new Uint8Array(pass?.bytes ?? 0), new Uint8Array(pass?.bytes ?? 0)]
        }
      },
      end() {
        if (pass) throw new Damaged('less image data than its size needs')
        return picture
      },
    }
  }

  /** Writes the pixels of a row to every dx-th pixel from `from` on. */
  function place(line: Uint8Array, columns: number, bytes: Uint8Array, from: number, dx: number): void {
    if (dx === 1 && depth === 8 && type !== 3 && bits === 8 * channels) {
      bytes.set(line.subarray(1), from)
      return
    }
    const [pixel, each] = [bits / 8, depth / 8]
    for (let i = 0, to = from; i < columns; i++, to += dx * channels) {
      if (type === 3) {
        const color = 3 * sample(line, i)
        if (color >= palette.length) throw new Damaged('a colour that its palette has not')
        for (let c = 0; c < 3; c++) bytes[to + c] = palette[color + c]!
      } else if (depth < 8) bytes[to] = (255 / (2 ** depth - 1)) * sample(line, i)
      else for (let c = 0; c < channels; c++) bytes[to + c] = line[1 + i * pixel + c * each]!
    }
  }

  /** A sample of up to 8 bits. */
  function sample(line: Uint8Array, i: number): number {
    const bit = i * depth
    return (line[1 + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
  }
}

/** What a filter takes off a byte, by the bytes to its left, above it and above the left one: the specification, section 9. */
const FILTERS: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
]

/** Undoes the filter that a row's first byte names. */
function unfilter(line: Uint8Array, above: Uint8Array, distance: number): void {
  const predicted = FILTERS[line[0]!]
  if (!predicted) throw new Damaged('a row of an unknown filter')
  const first = Math.min(distance, line.length - 1)
  for (let i = 1; i <= first; i++) line[i]! += predicted(0, above[i]!, 0)
  for (let i = first + 1; i < line.length; i++) {
    line[i]! += predicted(line[i - distance]!, above[i]!, above[i - distance]!)
  }
}

/** The one of three neighbours that is nearest to left + up − corner. */
function paeth(left: number, up: number, corner: number): number {
  const a = Math.abs(up - corner)
  const b = Math.abs(left - corner)
  const c = Math.abs(left + up - 2 * corner)
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}
