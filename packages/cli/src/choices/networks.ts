import { gaussianFourier, mlp, type Network, tutorialUnet } from '@sgm/score'
import { expected } from '@sgm/tensor'
import { choose } from './choose'

/** What a network is made for. */
export interface NetworkTarget {
  /** Shape of a datum. */
  readonly shape: readonly number[]
  /** Channels of the first level, or of the hidden layers. */
  readonly width: number
  /** Number of classes to condition on, 0 for none. */
  readonly classes: number
}

/** A network by name, and how its authors trained it. */
interface NetworkChoice {
  readonly make: (target: NetworkTarget) => Network
  /** The process and the prediction it was published with. */
  readonly sde: string
  readonly predict: string
  readonly width: number
  readonly batch: number
  readonly rate: number
  readonly warmUp: number
  readonly steps: number
}

const networks: Readonly<Record<string, NetworkChoice>> = {
  mlp: {
    make: ({ shape, width, classes }) => {
      if (classes > 0) throw expected('sgm', 'a network for images with --labels', 'mlp')
      const dims = shape.reduce((a, b) => a * b, 1)
      return mlp({ dims, hidden: [width, width, width], time: gaussianFourier({ size: 32, scale: 1 }) })
    },
    sde: 'vp',
    predict: 'edm',
    width: 128,
    batch: 512,
    rate: 1e-3,
    warmUp: 0,
    steps: 5000,
  },
  tutorial: {
    make: ({ shape, width, classes }) => {
      const [size, channels] = square('tutorial', shape)
      return tutorialUnet({
        size,
        channels,
        widths: [width, 2 * width, 4 * width, 8 * width],
        ...(classes > 0 && { classes }),
      })
    },
    sde: 'sigma-t',
    predict: 'scaled-score',
    width: 32,
    batch: 32,
    rate: 1e-3,
    warmUp: 0,
    steps: 10_000,
  },
}

/** Names of networks. */
export const networkNames = Object.keys(networks)

/** The network of a name. */
export function networkChoice(name: string): NetworkChoice {
  return choose('--net', networks, name)
}

/** Size and channels of square images. */
function square(net: string, shape: readonly number[]): readonly [size: number, channels: number] {
  const [height, width, channels] = shape
  if (shape.length !== 3 || height !== width) {
    throw expected('sgm', `square images for --net ${net}`, `data of shape ${shape.join('×')}`)
  }
  return [height!, channels!]
}
