import { checkIntegers, optionsOf } from '@sgm/tensor/check'
import { encode } from 'fast-png'
import { layersOf } from './dots'
import { sceneOf } from './scene'
import type {
  DotsShape,
  GroupShape,
  ImageShape,
  PathShape,
  Picture,
  Scene,
  Shape,
  Style,
  TextShape,
} from './types'

/** Options of {@link toSvg}. */
export interface SvgOptions extends Style {
  /** Digits after the point of coordinates. @default 1 for dots, else 2 */
  readonly digits?: number
}

/**
 * A picture as an SVG file: text, with a title and a description for screen readers, without scripts or references.
 *
 * @throws RangeError when an option does not fit.
 * @example
 * const svg = toSvg(await figure([curve(Math.sin)]), { theme: 'dark' })
 * svg.slice(0, 4) // → '<svg'
 */
export function toSvg(picture: Picture, options: SvgOptions = {}): string {
  const { digits, ...style } = optionsOf('toSvg', options, {
    theme: true,
    width: true,
    notes: true,
    digits: true,
  })
  if (digits !== undefined) checkIntegers('toSvg', { digits }, 0, 100)
  return svgOf(sceneOf('toSvg', picture, style), digits)
}

/** A scene as SVG. Pixels are shown as squares by `pixelated`, an attribute that readers of SVG disagree about. */
export function svgOf(scene: Scene, digits?: number, pixelated = PIXELATED): string {
  const { width, height, background, title, description, font } = scene
  const writer = new Writer(digits ?? 2, digits ?? 1, pixelated)
  const body = scene.shapes.map((shape) => writer.write(shape)).join('')
  const id = hash(body + description)
  const defs = writer.clips.length > 0 ? `<defs>${writer.clips.join('')}</defs>\n` : ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title-${id} description-${id}" font-family="${escaped(font)}">
<title id="title-${id}">${escaped(title || 'Figure')}</title>
<desc id="description-${id}">${escaped(description)}</desc>
${defs}<rect width="${width}" height="${height}" fill="${escaped(background)}"/>
${body}</svg>
`
  return svg.replaceAll(OWN, id)
}

const PIXELATED = 'style="image-rendering:pixelated"'
/** Stands for the id of the picture, which is known at the end. */
const OWN = '\u0001'

class Writer {
  readonly clips: string[] = []

  constructor(
    private readonly digits: number,
    private readonly dotDigits: number,
    private readonly pixelated: string,
  ) {}

  write(shape: Shape): string {
    switch (shape.type) {
      case 'path':
        return this.path(shape)
      case 'dots':
        return this.dots(shape)
      case 'image':
        return this.image(shape)
      case 'text':
        return this.text(shape)
      case 'group':
        return this.group(shape)
    }
  }

  private path({ lines, closed, fill, stroke, strokeWidth = 1, opacity, dash }: PathShape): string {
    const end = closed ? 'Z' : ''
    const d = lines.map((line) => (line.length > 0 ? `M${this.points(line)}${end}` : '')).join('')
    if (!d) return ''
    const stroked = stroke
      ? ` stroke="${escaped(stroke)}" stroke-width="${strokeWidth}" stroke-linejoin="round" stroke-linecap="${dash ? 'butt' : 'round'}"`
      : ''
    const dashed = dash ? ` stroke-dasharray="${dash.join(' ')}"` : ''
    return `<path d="${d}" fill="${fill ? `${escaped(fill)}" fill-rule="evenodd` : 'none'}"${stroked}${dashed}${faded(opacity, fill ? (stroke ? '' : 'fill-') : 'stroke-')}/>\n`
  }

  /** Strokes of no length with round ends: a tenth of what circles take. */
  private dots(shape: DotsShape): string {
    const { radius, fill, opacity } = shape
    return layersOf(shape)
      .map((centres) => {
        let d = ''
        for (let i = 0; i < centres.length; i += 2) {
          d += `M${short(centres[i]!, this.dotDigits)},${short(centres[i + 1]!, this.dotDigits)}h0`
        }
        return `<path d="${d}" stroke="${escaped(fill)}" stroke-width="${short(2 * radius, 2)}" stroke-linecap="round"${faded(opacity, 'stroke-')}/>\n`
      })
      .join('')
  }

  private image({ x, y, width, height, pixels, columns, rows, smooth }: ImageShape): string {
    const png = encode({ width: columns, height: rows, data: pixels, channels: 4 })
    const box = [x, y, width, height].map((value) => short(value, this.digits))
    return `<image x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" preserveAspectRatio="none" ${smooth ? '' : `${this.pixelated} `}href="data:image/png;base64,${base64(png)}"/>\n`
  }

  private text({ x, y, text, fill, size, bold, anchor, baseline, upwards }: TextShape): string {
    const [px, py] = [short(x, this.digits), short(baseline === 'middle' ? y + 0.36 * size : y, this.digits)]
    const turned = upwards ? ` transform="rotate(-90 ${px} ${py})"` : ''
    const anchored = anchor && anchor !== 'start' ? ` text-anchor="${anchor}"` : ''
    const weight = bold ? ' font-weight="600"' : ''
    return `<text x="${px}" y="${py}" font-size="${size}" fill="${escaped(fill)}"${weight}${anchored}${turned}>${escaped(text)}</text>\n`
  }

  private group({ name, x, y, clip, shapes }: GroupShape): string {
    const moved = x || y ? ` transform="translate(${short(x, this.digits)} ${short(y, this.digits)})"` : ''
    const clipped = clip ? ` clip-path="url(#${this.clip(clip)})"` : ''
    const inside = shapes.map((shape) => this.write(shape)).join('')
    return `<g class="${escaped(name)}"${moved}${clipped}>\n${inside}</g>\n`
  }

  private clip({ width, height }: { readonly width: number; readonly height: number }): string {
    const id = `clip-${OWN}-${this.clips.length}`
    this.clips.push(`<clipPath id="${id}"><rect width="${width}" height="${height}"/></clipPath>`)
    return id
  }

  /** The corners of a line; after one that is not finite, a new line begins. */
  private points(line: ArrayLike<number>): string {
    let d = ''
    for (let i = 0; i < line.length; i += 2) {
      d += `${i === 0 ? '' : 'L'}${short(line[i]!, this.digits)},${short(line[i + 1]!, this.digits)}`
    }
    return d
  }
}

function short(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}

/** The opacity of what is painted alone: that of the whole takes readers an own layer. */
function faded(opacity: number | undefined, what: 'fill-' | 'stroke-' | ''): string {
  return opacity === undefined || opacity >= 1 ? '' : ` ${what}opacity="${short(opacity, 3)}"`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(text)
}

/** FNV-1a, of text that differs where the picture does: two pictures on one page keep apart. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return (value >>> 0).toString(36)
}
