import {
  add,
  cos,
  type Key,
  mul,
  normal,
  sin,
  split,
  stack,
  type Tensor,
  type TensorOrNumber,
  tidy,
  uniform,
} from '@sgm/tensor'
import { checkAtLeast, checkIntegers } from '@sgm/tensor/check'

/** Points (r cos φ, r sin φ): r and φ `[B]` → `[B, 2]`. */
export function polar(r: TensorOrNumber, phi: Tensor): Tensor {
  return stack([mul(cos(phi), r), mul(sin(phi), r)], 1)
}

/** Uniform numbers in [low, high), `[count]`. */
export function uniformColumn(key: Key, count: number, low = 0, high = 1): Tensor {
  return uniform(key, [count], { low, high })
}

/** A curve or region with isotropic Gaussian noise: what most toy densities are. */
export function noisyPoints(
  where: string,
  key: Key,
  count: number,
  noise: number,
  points: (key: Key) => Tensor,
): Tensor {
  checkIntegers(where, { count })
  checkAtLeast(where, { noise }, 0)
  const [shapeKey, noiseKey] = split(key)
  return tidy(() => add(points(shapeKey), mul(normal(noiseKey, [count, 2]), noise)))
}
