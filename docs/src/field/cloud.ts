import { letters } from './letters'
import { leadsOf } from './mixture'

/** Deviation of the noise, at its largest. */
const MOST = 2.2
/** A point of the data is about this far from the line of its letter. */
export const WIDTH = 0.07
const LEAST = 0.01
const COUNT = 640

/** Seconds of noising, of denoising, and of rest. */
const [NOISING, DENOISING, REST] = [2.5, 6, 2.5]
const CYCLE = NOISING + DENOISING + REST

export const leads = leadsOf(letters, WIDTH)

/** Points that are noised and find their way back along the score, again and again. */
export interface Cloud {
  /** x and y in turn. */
  readonly points: Float64Array
  readonly sigma: number
  /** Moves on to a time in seconds, not before that of the last call. */
  moveTo(seconds: number): void
}

export function cloudOf(): Cloud {
  const points = new Float64Array(2 * COUNT)
  const data = new Float64Array(2 * COUNT)
  let sigma = LEAST
  let noise = normals(0)
  let cycle = 0
  for (let i = 0; i < COUNT; i++) {
    const [x, y] = letters[i % letters.length]!
    const [a, b] = normals(-1).at(i)
    data[2 * i] = x + WIDTH * a
    data[2 * i + 1] = y + WIDTH * b
  }
  points.set(data)

  /** Forward in closed form: x₀ + σz. */
  const noiseTo = (next: number) => {
    for (let i = 0; i < COUNT; i++) {
      const [a, b] = noise.at(i)
      points[2 * i] = data[2 * i]! + next * a
      points[2 * i + 1] = data[2 * i + 1]! + next * b
    }
    sigma = next
  }
  /** Back by the probability flow dx = −σ∇log p dσ: exact while the score leads to one place. */
  const denoiseTo = (next: number) => {
    const shrink = Math.sqrt((WIDTH ** 2 + next ** 2) / (WIDTH ** 2 + sigma ** 2))
    for (let i = 0; i < COUNT; i++) {
      const [x, y] = [points[2 * i]!, points[2 * i + 1]!]
      const [toX, toY] = leads(x, y, sigma)
      points[2 * i] = toX + shrink * (x - toX)
      points[2 * i + 1] = toY + shrink * (y - toY)
    }
    sigma = next
  }

  return {
    points,
    get sigma() {
      return sigma
    },
    moveTo(seconds) {
      const now = Math.floor(seconds / CYCLE)
      if (now > cycle) {
        cycle = now
        noise = normals(now)
        data.set(points)
      }
      const into = seconds - now * CYCLE
      if (into < NOISING) noiseTo(Math.max(LEAST, MOST * (into / NOISING) ** 1.5))
      else denoiseTo(Math.max(LEAST, MOST * (LEAST / MOST) ** Math.min(1, (into - NOISING) / DENOISING)))
    },
  }
}

/** Pairs of normal numbers, evenly spread: Roberts' sequence in the square, by Box and Muller; other ones for each seed. */
function normals(seed: number) {
  const share = (value: number) => value - Math.floor(value)
  return {
    at(i: number): readonly [number, number] {
      const u = 1 - share(0.5 + 0.7548776662466927 * (i + 1) + 0.38 * seed)
      const angle = 2 * Math.PI * share(0.5 + 0.5698402909980532 * (i + 1) + 0.62 * seed)
      const radius = Math.sqrt(-2 * Math.log(u))
      return [radius * Math.cos(angle), radius * Math.sin(angle)]
    },
  }
}
