import { ddpm, ddpmpp, gaussianFourier, mlp, type Network, ncsnpp, tutorialUnet } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { expected } from '@sgm/tensor'
import { choose } from './choose'

/** What a network is made for. */
export interface NetworkTarget {
  /** Shape of a datum. */
  readonly shape: readonly number[]
  /** Channels of the first level, or of the hidden layers. */
  readonly width: number
  /** Residual blocks a level, or hidden layers. */
  readonly blocks: number
  /** Number of classes to condition on, 0 for none. */
  readonly classes: number
  readonly process: LinearSDE
  /** Whether the images lie in [−1, 1]. */
  readonly centered: boolean
}

/** A network by name, and how its authors trained it. */
interface NetworkChoice {
  readonly make: (target: NetworkTarget) => Network
  /** The process and the prediction it was published with. */
  readonly sde: string
  readonly predict: string
  readonly width: number
  /** 0 where the number is fixed. */
  readonly blocks: number
  readonly batch: number
  readonly rate: number
  readonly warmUp: number
  readonly steps: number
}

/** Song et al. 2021, appendix H. */
const published = { width: 128, blocks: 4, batch: 128, rate: 2e-4, warmUp: 5000, steps: 100_000 } as const

const networks: Readonly<Record<string, NetworkChoice>> = {
  mlp: {
    make: ({ shape, width, blocks, classes }) => {
      if (classes > 0) throw expected('sgm', 'a network for images with --labels', 'mlp')
      const dims = shape.reduce((a, b) => a * b, 1)
      const hidden = new Array<number>(blocks).fill(width)
      return mlp({ dims, hidden, time: gaussianFourier({ size: 32, scale: 1 }) })
    },
    sde: 'vp',
    predict: 'edm',
    width: 128,
    blocks: 3,
    batch: 512,
    rate: 1e-3,
    warmUp: 0,
    steps: 5000,
  },
  tutorial: {
    make: ({ shape, width, classes }) =>
      tutorialUnet({
        ...square('tutorial', shape),
        widths: [width, 2 * width, 4 * width, 8 * width],
        ...(classes > 0 && { classes }),
      }),
    sde: 'sigma-t',
    predict: 'scaled-score',
    width: 32,
    blocks: 0,
    batch: 32,
    rate: 1e-3,
    warmUp: 0,
    steps: 10_000,
  },
  ddpm: {
    make: (target) => ddpm(unetOptions('ddpm', target)),
    sde: 'vp',
    predict: 'noise',
    ...published,
    blocks: 2,
  },
  ddpmpp: {
    make: (target) => ddpmpp(unetOptions('ddpmpp', target)),
    sde: 'vp',
    predict: 'noise',
    ...published,
  },
  ncsnpp: {
    make: (target) => ncsnpp(unetOptions('ncsnpp', target)),
    sde: 've',
    predict: 'scaled-score',
    ...published,
  },
}

/** Names of networks. */
export const networkNames = Object.keys(networks)

/** The network of a name. */
export function networkChoice(name: string): NetworkChoice {
  return choose('--net', networks, name)
}

/** Size and channels of square images. */
function square(net: string, shape: readonly number[]): { readonly size: number; readonly channels: number } {
  const [height, width, channels] = shape
  if (shape.length !== 3 || height !== width) {
    throw expected('sgm', `square images for --net ${net}`, `data of shape ${shape.join('×')}`)
  }
  return { size: height!, channels: channels! }
}

/** The published multipliers 1, 2, 2, 2, as far as images of the size can be halved, and attention near 16×16. */
function unetOptions(net: string, { shape, width, blocks, classes, process, centered }: NetworkTarget) {
  const { size, channels } = square(net, shape)
  const multipliers = [1, 2, 2, 2].filter((_, level) => size % 2 ** level === 0)
  const sizes = multipliers.map((_, level) => size / 2 ** level)
  return {
    size,
    channels,
    width,
    blocks,
    multipliers,
    attention: sizes.filter((side) => side <= 16).slice(0, 1),
    process,
    centered,
    ...(classes > 0 && { classes }),
  }
}
