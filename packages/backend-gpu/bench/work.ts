/** A multilayer perceptron of x, t → score in the plane, of three hidden layers. */
interface Points {
  readonly width: number
  readonly batch: number
}

/** Images `[batch, size, size, channels]` and as many filters 3×3, padded to the same size. */
interface Images {
  readonly batch: number
  readonly size: number
  readonly channels: number
}

/** A published network for images, or one of its build as small as it goes. */
interface Unet {
  readonly network: 'tutorial' | 'ddpm'
  readonly batch: number
  readonly small: boolean
}

/** A piece of work, in words that every process understands. */
export type Work = { readonly calls: number } & (
  | ({ readonly kind: 'mlp-step' | 'euler-maruyama' | 'predictor-corrector' } & Points)
  | ({ readonly kind: 'unet-step' | 'unet-score' } & Unet)
  | ({ readonly kind: 'conv' | 'conv-gradients' } & Images)
  | { readonly kind: 'matmul'; readonly size: number }
  | { readonly kind: 'normals'; readonly count: number }
)

export type Kind = Work['kind']
export type WorkOf<K extends Kind> = Work & { readonly kind: K }

/** Work that is ready: `run` does so many calls as the work says, and waits until the device has done them. */
export interface Job {
  run(): Promise<unknown>
  dispose?(): unknown
}

/** How a contender makes work of each kind ready, or why it has none. */
export type Makers = { readonly [K in Kind]: ((work: WorkOf<K>) => Promise<Job>) | string }

/** Thrown where a contender has no such work; the message says why. */
export class NotOffered extends Error {}

/** Makes work ready. @throws NotOffered where the contender has none. */
export async function prepare(makers: Makers, work: Work): Promise<Job> {
  const maker = makers[work.kind] as ((work: Work) => Promise<Job>) | string
  if (typeof maker === 'string') throw new NotOffered(maker)
  return maker(work)
}

/** A row of the table. */
export interface Item {
  readonly title: string
  readonly work: Work
  /** Multiplications and additions of a call, where the rate is of interest. */
  readonly flops?: number
}

/** The rows of the table; small ones to see that all of them run. */
export function items(small: boolean): readonly Item[] {
  const width = small ? 16 : 128
  const batch = small ? 16 : 1000
  const calls = { many: small ? 2 : 100, few: small ? 1 : 10, steps: small ? 5 : 500 }
  const unets = (['tutorial', 'ddpm'] as const).flatMap((network) =>
    (['unet-step', 'unet-score'] as const).map((kind): Item => {
      const rows = small ? 2 : network === 'ddpm' ? 8 : 32
      const name = network === 'ddpm' ? "DDPM's U-Net" : "The tutorial's U-Net"
      const title = `${name}, batch ${rows}: ${kind === 'unet-step' ? 'Adam step' : 'score'}`
      return { title, work: { kind, network, batch: rows, small, calls: calls.few } }
    }),
  )
  const images = { batch: small ? 2 : 32, size: small ? 8 : 32, channels: small ? 8 : 128 }
  const convolution = 2 * 9 * images.batch * images.size ** 2 * images.channels ** 2
  const count = small ? 10_000 : 1_000_000
  return [
    {
      title: `MLP 2-${width}-${width}-${width}-2, batch ${small ? 16 : 512}: Adam step`,
      work: { kind: 'mlp-step', width, batch: small ? 16 : 512, calls: calls.many },
    },
    ...unets,
    ...(['conv', 'conv-gradients'] as const).map((kind): Item => {
      const what = kind === 'conv' ? 'forward' : 'both gradients'
      const { batch, size, channels } = images
      return {
        title: `Convolution 3×3, ${channels}→${channels}, ${size}×${size}, batch ${batch}: ${what}`,
        work: { kind, ...images, calls: calls.many },
        flops: kind === 'conv' ? convolution : 2 * convolution,
      }
    }),
    ...(small ? [64] : [1024, 4096]).map(
      (size): Item => ({
        title: `Matrix product ${size}³`,
        work: { kind: 'matmul', size, calls: size > 2000 ? calls.few : calls.many },
        flops: 2 * size ** 3,
      }),
    ),
    ...(['euler-maruyama', 'predictor-corrector'] as const).map(
      (kind): Item => ({
        title: `${batch} points, MLP of width ${width}: a step of ${kind}`,
        work: { kind, width, batch, calls: calls.steps },
      }),
    ),
    { title: `${count} normals`, work: { kind: 'normals', count, calls: calls.many } },
  ]
}
