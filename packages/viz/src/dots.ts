import type { DotsShape, Polyline } from './types'

const LAYERS = 32

/**
 * The centres in layers that are filled one after the other. Discs of one layer do not add up where they overlap, so clear
 * discs are dealt out to many layers; opaque ones need one.
 */
export function layersOf({ centres, opacity = 1 }: DotsShape): Polyline[] {
  const n = centres.length / 2
  const count = opacity < 1 ? Math.min(LAYERS, n) : Math.min(1, n)
  return Array.from({ length: count }, (_, layer) => {
    const some = new Float32Array(2 * Math.ceil((n - layer) / count))
    for (let i = layer, to = 0; i < n; i += count) {
      some[to++] = centres[2 * i]!
      some[to++] = centres[2 * i + 1]!
    }
    return some
  })
}
