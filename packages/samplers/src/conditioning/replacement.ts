import {
  add,
  broadcastShapes,
  checkShape,
  expected,
  formatShape,
  matMul,
  mul,
  sub,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { checkMethods, checkTensors, optionsOf } from '@sgm/tensor/check'
import { checkSampler, stepped } from '../run/check-sampler'
import type { Sampler } from '../types'

/** Which coordinates of the data are known, and what they are. */
export interface Known {
  /** The data, `[B, ...D]` or `[1, ...D]`, in the basis below; what is not known may be anything finite. */
  readonly data: Tensor
  /** 1 where a coordinate is known and 0 elsewhere: a tensor that broadcasts against the data. */
  readonly mask: Tensor
  /**
   * What the known data are noised with at every level, `[B, ...D]`, in the basis below.
   *
   * @default drawn anew after each update
   */
  readonly noise?: Tensor
  /** An orthonormal basis to know coordinates in. @default that of the data */
  readonly basis?: OrthonormalBasis
}

/** An orthonormal change of coordinates of each datum. */
export interface OrthonormalBasis {
  to(x: Tensor): Tensor
  from(x: Tensor): Tensor
}

/**
 * Makes a sampler put the known coordinates, noised to the level it is at, in place of its own after every
 * update.
 *
 * x ← (1 − m) x + m (α_s y + σ_s z), and the noise-free mean ← (1 − m) mean + m α_s y
 *
 * Wrap predictor and corrector alike: `predictorCorrector(replacement(ancestral(), known),
 * replacement(langevin({ snr: 0.16 }), known))`. The unknown part never sees how x came to be, so the samples
 * follow p(x | y) only where the known and the unknown are independent: over a full covariance, two entries of three known, the
 * unknown one's mean was off by 2.8 standard deviations of the posterior; five correctors a step lessen that to 0.5. A
 * final denoising reaches every coordinate.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", appendix I.2 (inpainting and,
 * in a basis, colourisation).
 *
 * @param known What is known, and where.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const known = { data: full([64, 2], 5), mask: tensor([1, 0]) }
 * const sampler = replacement(predictorCorrector(), known)
 * const x = await sample({ process, score }, sampler, {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function replacement(sampler: Sampler, known: Known): Sampler {
  const { data, mask, noise, basis } = optionsOf('replacement', known, { data: true, mask: true, noise: true, basis: true }) // biome-ignore format: names
  checkSampler('replacement', { sampler })
  checkTensors('replacement', { data, mask, ...(noise !== undefined && { noise }) })
  if (basis !== undefined) checkMethods('replacement', { basis }, 'to', 'from')
  const put = (into: Tensor, values: Tensor): Tensor =>
    tidy(() => {
      const mine = basis ? basis.to(into) : into
      const mixed = add(mine, mul(mask, sub(values, mine)))
      return basis ? basis.from(mixed) : mixed
    })
  return {
    ...sampler,
    name: `replacement(${sampler.name})`,
    *step(context, step) {
      const { x, mean, ...rest } = yield* stepped('replacement', sampler, context, step)
      const { alpha, sigma } = context.process.marginal(step.s)
      const given = noise ?? context.noise()
      checkShape('replacement', 'noise', given.shape, x.shape)
      checkShape('replacement', 'known data', data.shape, [
        data.shape[0] === 1 ? 1 : x.shape[0]!,
        ...x.shape.slice(1),
      ])
      checkShape(
        'replacement',
        'a mask and data',
        broadcastShapes(mask.shape, x.shape, 'replacement'),
        x.shape,
      )
      const clean = mul(data, alpha)
      const noised = add(clean, mul(given, sigma))
      return { ...rest, x: put(x, noised), ...(mean && { mean: put(mean, clean) }) }
    },
  }
}

/**
 * Colour images whose grey values are known: the first axis of an orthonormal basis of RGB is (1, 1, 1)/√3.
 *
 * @param grey `[B, H, W, 1]`: the mean of the three channels.
 * @returns what {@link replacement} takes, its tensors the caller's to free.
 * @example
 * const grey = full([4, 16, 16, 1], 0.5)
 * const sampler = replacement(predictorCorrector(), knownGrey(grey))
 */
export function knownGrey(grey: Tensor): Known {
  checkTensors('knownGrey', { grey })
  if (grey.shape.at(-1) !== 1) throw expected('knownGrey', 'shape [B, H, W, 1]', [...grey.shape])
  const turned = (x: Tensor, transposeB: boolean): Tensor =>
    tidy(() => {
      checkTensors('knownGrey', { x })
      if (x.shape.at(-1) !== 3) throw expected('knownGrey', 'x of shape [..., 3]', formatShape(x.shape))
      const rotation = tensor(rgb())
      return matMul(x, x.shape.length > 2 ? stretched(rotation, x) : rotation, { transposeB })
    })
  return tidy(() => ({
    data: mul(grey, tensor([Math.sqrt(3), 0, 0])),
    mask: tensor([1, 0, 0]),
    basis: { to: (x: Tensor) => turned(x, true), from: (x: Tensor) => turned(x, false) },
  }))
}

const rgb = () => [
  [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
  [1 / Math.sqrt(2), -1 / Math.sqrt(2), 0],
  [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
]

function stretched(matrix: Tensor, x: Tensor): Tensor {
  const ones = x.shape.slice(0, -2).map(() => 1)
  return tidy(() => mul(matrix, tensor([1], [...ones, 1, 1])))
}
