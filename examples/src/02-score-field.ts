/** Behaviour 2: the score field of the mixture over its density, as numbers on a grid and as a map in text. */
import { gaussianMixture } from '@sgm/score'
import { tensor } from '@sgm/tensor'
import { show } from './show'

const ARROWS = ['→', '↗', '↑', '↖', '←', '↙', '↓', '↘'] as const

export async function main({ size = 17, extent = 8 } = {}) {
  const target = gaussianMixture()
  const axis = Array.from({ length: size }, (_, i) => extent * ((2 * i) / (size - 1) - 1))
  const points = axis.toReversed().flatMap((y) => axis.map((x) => [x, y]))
  const logDensity = [...(await target.logDensity(tensor(points)).data())]
  const scores = [...(await target.score(tensor(points)).data())]

  const cells = points.map((_, i) => {
    if (logDensity[i]! > -4) return '#'
    const angle = Math.atan2(scores[2 * i + 1]!, scores[2 * i]!)
    return ARROWS[(Math.round((4 * angle) / Math.PI) + 8) % 8]!
  })
  const rows = axis.map((_, r) => cells.slice(r * size, (r + 1) * size).join(' '))
  return { points: points.flat(), logDensity, scores, map: rows.join('\n') }
}

await show(import.meta.url, async () => ({ map: (await main()).map }))
