import { sizeOf, type Value } from '@sgm/tensor/compile'

/** Bytes of an element, whatever its type. */
export const ELEMENT = 4

/** A kernel's part in {@link planMemory}. */
export interface MemoryUse {
  readonly reads: readonly Value[]
  readonly writes: readonly Value[]
}

/** Which temporary values share which buffers. */
export interface MemoryPlan {
  /** Bytes of each buffer. */
  readonly buffers: readonly number[]
  /** The buffer of each value, by the value's id. */
  readonly places: ReadonlyMap<number, number>
  /** Bytes that the values would take if none shared. */
  readonly unshared: number
}

/**
 * Gives temporary values buffers, which go on to others once the last kernel that reads a value has run. A kernel never writes a buffer
 * that it reads.
 */
export function planMemory(uses: readonly MemoryUse[], isTemporary: (value: Value) => boolean): MemoryPlan {
  const last = new Map<number, number>()
  for (const [i, { reads, writes }] of uses.entries())
    for (const { id } of [...reads, ...writes]) last.set(id, i)
  const buffers: number[] = []
  const free: number[] = []
  const places = new Map<number, number>()
  let unshared = 0
  for (const [i, { reads, writes }] of uses.entries()) {
    const temporary = writes.filter(isTemporary)
    for (const value of temporary) {
      const bytes = bytesOf(value)
      unshared += bytes
      places.set(value.id, take(buffers, free, bytes))
    }
    const seen = new Set<number>()
    for (const { id } of [...reads, ...temporary]) {
      const place = places.get(id)
      if (place === undefined || last.get(id) !== i || seen.has(id)) continue
      seen.add(id)
      free.push(place)
    }
  }
  return { buffers, places, unshared }
}

/** The smallest free buffer that holds so much and not more than twice as much, or a new one. */
function take(buffers: number[], free: number[], bytes: number): number {
  const fits = free.filter((place) => buffers[place]! >= bytes && buffers[place]! <= 2 * bytes + 1024)
  if (fits.length === 0) return buffers.push(bytes) - 1
  const best = fits.reduce((a, b) => (buffers[b]! < buffers[a]! ? b : a))
  free.splice(free.indexOf(best), 1)
  return best
}

/** Bytes of a value in a buffer: never none, which no buffer can have. */
export function bytesOf({ shape }: Value): number {
  return ELEMENT * Math.max(1, sizeOf(shape))
}
