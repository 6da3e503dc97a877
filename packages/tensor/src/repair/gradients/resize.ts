import * as tf from '@tensorflow/tfjs'
import { gradient } from './helpers'
import { adjoint, type Sources, separableGradient } from './separable'

interface Resize {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
  readonly size: [number, number]
}

type Interpolation = (from: number, to: number, resize: Resize) => Sources

/** Distance between output positions, in input positions. */
function ratio(from: number, to: number, { alignCorners }: Resize): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to
}

const bilinear: Interpolation = (from, to, resize) => (position) => {
  const half = resize.halfPixelCenters ? 0.5 : 0
  const centre = (position + half) * ratio(from, to, resize) - half
  const at = Math.min(Math.max(centre, 0), from - 1)
  const low = Math.floor(at)
  return [
    [low, 1 - (at - low)],
    [Math.min(low + 1, from - 1), at - low],
  ]
}

const nearest: Interpolation = (from, to, resize) => (position) => {
  const half = resize.halfPixelCenters ? 0.5 : 0
  const centre = (position + half) * ratio(from, to, resize)
  return [[Math.min(Math.floor(resize.alignCorners ? centre + 0.5 : centre), from - 1), 1]]
}

/** tfjs's gradient kernels have no gradients themselves, and take half-pixel centres for corners. */
function resizing(name: string, interpolation: Interpolation): tf.GradConfig {
  return gradient<Resize>(name, { inputs: ['images'] }, (dy, [images], resize) => ({
    images: () => {
      const [, h, w] = images!.shape as [number, number, number, number]
      const [toH, toW] = resize.size
      return separableGradient(
        dy,
        adjoint(h, toH, interpolation(h, toH, resize)),
        adjoint(w, toW, interpolation(w, toW, resize)),
      )
    },
  }))
}

export const resizeGradients = [
  resizing(tf.ResizeBilinear, bilinear),
  resizing(tf.ResizeNearestNeighbor, nearest),
]
