/** A Brownian increment up to the time `to`. */
interface Segment {
  readonly to: number
  readonly increment: Float32Array
}

/** The Brownian paths of the rows of a batch, which remember what a rejected step has seen of them. */
export interface BrownianPaths {
  /**
   * The increments of each row over its step from `from[i]` down to `to[i]`: row-major, 0 where the step is empty.
   *
   * @param z Standard normal numbers, one row each, that nothing else uses.
   */
  advance(from: Float64Array, to: Float64Array, z: ArrayLike<number>): Float32Array
  /** Takes back the last step of a row: its path stays as it was seen. */
  reject(row: number): void
}

/**
 * Makes the paths. A step that is rejected and tried again at a smaller size meets the same path, its new midpoint drawn
 * from the Brownian bridge; fresh noise instead would favour the noises that are accepted.
 *
 * Reference: Rackauckas and Nie 2017, "Adaptive methods for stochastic differential equations via natural embeddings
 * and rejection sampling with memory".
 */
export function brownianPaths(rows: number, dims: number): BrownianPaths {
  // nearest segment last
  const ahead: Segment[][] = Array.from({ length: rows }, () => [])
  const walked: Segment[][] = Array.from({ length: rows }, () => [])
  return {
    advance: (from, to, z) => {
      const total = new Float32Array(rows * dims)
      for (let row = 0; row < rows; row++) {
        const [start, end] = [from[row]!, to[row]!]
        if (start === end) {
          walked[row] = []
          continue
        }
        const [seen, path] = [ahead[row]!, [] as Segment[]]
        const draw = (j: number): number => z[row * dims + j]!
        let now = start
        while (now > end) {
          const next = seen.pop()
          if (next === undefined || next.to < end) {
            const step = next ? bridge(now, end, next, draw) : fresh(now, end, dims, draw)
            if (next) {
              const rest = next.increment.map((w, j) => w - step.increment[j]!)
              seen.push({ to: next.to, increment: rest })
            }
            path.push(step)
          } else path.push(next)
          now = path.at(-1)!.to
        }
        for (const { increment } of path) {
          for (let j = 0; j < dims; j++) total[row * dims + j]! += increment[j]!
        }
        walked[row] = path
      }
      return total
    },
    reject: (row) => {
      ahead[row]!.push(...walked[row]!.reverse())
      walked[row] = []
    },
  }
}

function fresh(from: number, to: number, dims: number, z: (j: number) => number): Segment {
  const root = Math.sqrt(from - to)
  return { to, increment: new Float32Array(dims).map((_, j) => root * z(j)) }
}

/** The part up to `to` of a segment that goes further. */
function bridge(from: number, to: number, whole: Segment, z: (j: number) => number): Segment {
  const share = (from - to) / (from - whole.to)
  const root = Math.sqrt(share * (to - whole.to))
  return { to, increment: whole.increment.map((w, j) => share * w + root * z(j)) }
}
