import { type Key, uniformValues } from '@sgm/tensor'
import { addEllipse, type Ellipse } from './ellipse'
import { sheppLoganEllipses } from './shepp-logan'

/** More numbers than any phantom asks for. */
const DRAWS = 128

/** Numbers drawn in turn: between two bounds, and around 0. */
interface Draws {
  between(low: number, high: number): number
  around(width: number): number
}

/** Draws a phantom of a kind as an image of numbers in [0, 1]. */
export function drawPhantom(key: Key, kind: number, size: number): Float64Array {
  const values = uniformValues(key, DRAWS)
  let drawn = 0
  const between = (low: number, high: number): number => low + (high - low) * values[drawn++]!
  const draws = { between, around: (width: number) => between(-width, width) }
  const image = new Float64Array(size * size)
  for (const ellipse of kinds[kind]!.ellipses(draws)) addEllipse(image, size, ellipse)
  return image.map((value) => Math.min(1, Math.max(0, value)))
}

/** What phantoms there are, in the order of their labels. */
export const kinds: readonly {
  readonly name: string
  ellipses(draws: Draws): readonly Ellipse[]
}[] = [
  { name: 'ellipses', ellipses: scattered },
  { name: 'shepp-logan', ellipses: likeSheppLogan },
]

/** A body with some ellipses in it, each lighter or darker than it. */
function scattered(draws: Draws): readonly Ellipse[] {
  const { between, around } = draws
  const [a, b] = [between(0.55, 0.9), between(0.55, 0.9)]
  const turned = direction(draws)
  const count = Math.floor(between(3, 9))
  const inner = Array.from({ length: count }, (): Ellipse => {
    // Within the body: the centre and the longer axis leave its edge free.
    const [x, y] = [around(0.45), around(0.45)]
    const least = Math.min(a, b)
    return [
      between(0.1, 0.5) * (between(0, 1) < 0.6 ? 1 : -1),
      least * between(0.05, 0.32),
      least * between(0.05, 0.32),
      a * x * turned[0] - b * y * turned[1],
      a * x * turned[1] + b * y * turned[0],
      ...direction(draws),
    ]
  })
  return [[between(0.2, 0.6), a, b, 0, 0, ...turned], ...inner]
}

/** Shepp and Logan's, each part changed a little, and the whole turned, scaled and moved. */
function likeSheppLogan(draws: Draws): readonly Ellipse[] {
  const { between, around } = draws
  const scale = between(0.85, 1)
  const [cos, sin] = smallTurn(around(0.15))
  return sheppLoganEllipses.map(([value, a, b, x, y, c, s], i): Ellipse => {
    const free = i > 1 ? 1 : 0
    const [ownCos, ownSin] = smallTurn(free * around(0.1))
    const [dx, dy] = [x + free * around(0.03), y + free * around(0.03)]
    const [partCos, partSin] = [c * ownCos - s * ownSin, s * ownCos + c * ownSin]
    return [
      value * (1 + free * around(0.3)),
      scale * a * (1 + free * around(0.15)),
      scale * b * (1 + free * around(0.15)),
      scale * (dx * cos - dy * sin),
      scale * (dx * sin + dy * cos),
      partCos * cos - partSin * sin,
      partSin * cos + partCos * sin,
    ]
  })
}

/** A direction of an ellipse's axis, by the tangent of half its angle. */
function direction({ around }: Draws): readonly [number, number] {
  return smallTurn(around(1))
}

function smallTurn(half: number): readonly [cos: number, sin: number] {
  const squared = half * half
  return [(1 - squared) / (1 + squared), (2 * half) / (1 + squared)]
}
