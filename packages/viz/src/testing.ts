import type { GroupShape, Picture, Scene, Shape, Style } from './types'

/** A picture's shapes of a type in the groups of a name, their coordinates those of their group. */
export function shapesIn<T extends Shape['type']>(
  picture: Picture,
  name: string,
  type: T,
  style?: Style,
): Extract<Shape, { type: T }>[] {
  return groups(picture.layout(style).shapes)
    .filter((group) => group.name === name)
    .flatMap(({ shapes }) => shapes)
    .filter((shape): shape is Extract<Shape, { type: T }> => shape.type === type)
}

/** The only shape of a type in the groups of a name. */
export function shapeIn<T extends Shape['type']>(picture: Picture, name: string, type: T) {
  const [shape, ...others] = shapesIn(picture, name, type)
  if (!shape || others.length > 0)
    throw new Error(`expected one ${type} in ${name}, got ${others.length + (shape ? 1 : 0)}`)
  return shape
}

/** All groups, each with where its corner lies in the picture. */
export function groups(shapes: readonly Shape[], x = 0, y = 0): GroupShape[] {
  return shapes.flatMap((shape) => {
    if (shape.type !== 'group') return []
    const own = { ...shape, x: x + shape.x, y: y + shape.y }
    return [own, ...groups(shape.shapes, own.x, own.y)]
  })
}

/** The size of a plot, in pixels. */
export function plotSize(scene: Scene): { readonly width: number; readonly height: number } {
  return groups(scene.shapes).find(({ name }) => name === 'marks')!.clip!
}

/** Every text of a picture. */
export function texts(picture: Picture, style?: Style): string[] {
  const all = (shapes: readonly Shape[]): string[] =>
    shapes.flatMap((shape) =>
      shape.type === 'text' ? [shape.text] : shape.type === 'group' ? all(shape.shapes) : [],
    )
  return all(picture.layout(style).shapes)
}

/** An SVG's tags with their classes, without numbers, text and what they are painted with. */
export function outline(svg: string): string {
  let depth = 0
  const lines: string[] = []
  for (const [, close, name, attributes = '', own] of svg.matchAll(/<(\/?)([a-zA-Z]+)([^>]*?)(\/?)>/g)) {
    if (close) {
      depth--
      continue
    }
    const label = attributes.match(/(?:class|role)="([^"]*)"/)?.[1]
    const line = `${'  '.repeat(depth)}${name}${label ? ` ${label}` : ''}`
    if (lines.at(-1) !== line) lines.push(line)
    if (!own) depth++
  }
  return lines.join('\n')
}
