/** Data of a score in two dimensions for a network of `layers(width)`. */
interface Points {
  readonly width: number
  readonly batch: number
}

/** Images `[batch, size, size, channels]` and a filter 3×3 to `filters` channels, padded to the same size. */
interface Images {
  readonly batch: number
  readonly size: number
  readonly channels: number
  readonly filters: number
}

/** A piece of work, in words that every process understands. */
export type Work =
  | ({ readonly kind: 'mlp-step' | 'mlp-score' } & Points)
  | ({ readonly kind: 'euler-maruyama'; readonly steps: number } & Points)
  | ({ readonly kind: 'rk45' } & Points)
  | ({ readonly kind: 'conv' | 'conv-gradients' } & Images)
  | { readonly kind: 'matmul'; readonly size: number }
  | { readonly kind: 'unet-step' | 'unet-sample'; readonly batch: number }
  | { readonly kind: 'unet-pc'; readonly batch: number; readonly steps: number }
  | { readonly kind: 'ddpm-step' | 'ddpm-score' | 'digits-step' | 'digits-score'; readonly batch: number }

export type Kind = Work['kind']
export type WorkOf<K extends Kind> = Work & { readonly kind: K }

/** Work that is ready to be done. */
export interface Job {
  /** Does it once, results read on the host; a number that every way of doing it must agree on, where nothing is drawn. */
  readonly run: () => Promise<number | undefined>
  readonly dispose?: () => unknown
}

/** How to make work of each kind ready; kinds left out are not offered. */
export type Makers = { readonly [K in Kind]?: (work: WorkOf<K>) => Promise<Job> }

/** Makes work ready. @throws Error where the kind is not offered. */
export function make(makers: Makers, work: Work): Promise<Job> {
  const maker = makers[work.kind] as ((work: Work) => Promise<Job>) | undefined
  if (!maker) throw new NotOffered()
  return maker(work)
}

/** Thrown for work that a contender has no version of. */
export class NotOffered extends Error {
  override readonly message = 'not offered'
}

/** Sizes of the layers of the score network x, t → score, in two dimensions. */
export const layers = (width: number): number[] => [3, width, width, width, 2]

/** Numbers in [−scale, scale) that every language can make: frac(43758.5453 sin(12.9898 i + 78.233 seed)), stretched. */
export function numbers(count: number, seed: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = 43758.5453 * Math.sin(12.9898 * i + 78.233 * seed)
    return scale * (2 * (x - Math.floor(x)) - 1)
  })
}

/** An array of numbers and its shape. */
export interface Filled {
  readonly data: Float32Array
  readonly shape: number[]
}

export function filled(shape: number[], seed: number, scale = 1): Filled {
  const count = shape.reduce((a, b) => a * b, 1)
  return { data: scale === 0 ? new Float32Array(count) : numbers(count, seed, scale), shape }
}

/** The network's weights, of variance 1/inputs, and biases. */
export function mlpParameters(width: number): Record<string, Filled> {
  const sizes = layers(width)
  return Object.fromEntries(
    sizes.slice(1).flatMap((size, i) => [
      [`w${i}`, filled([sizes[i]!, size], i, Math.sqrt(3 / sizes[i]!))],
      [`b${i}`, filled([size], 0, 0)],
    ]),
  )
}

/** A batch of points, times in [0, 1) and noise. */
export function points(batch: number): { x: Filled; t: Filled; z: Filled } {
  const t = filled([batch], 11, 0.5)
  return {
    x: filled([batch, 2], 10),
    t: { ...t, data: t.data.map((value) => value + 0.5) },
    z: filled([batch, 2], 12, Math.sqrt(3)),
  }
}

/** Images and a filter. */
export function images({ batch, size, channels, filters }: Images): { x: Filled; filter: Filled } {
  return {
    x: filled([batch, size, size, channels], 20),
    filter: filled([3, 3, channels, filters], 21, Math.sqrt(1 / (3 * channels))),
  }
}

/** Two square matrices. */
export function matrices(size: number): { a: Filled; b: Filled } {
  return { a: filled([size, size], 30), b: filled([size, size], 31) }
}
