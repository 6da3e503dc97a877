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
import { checkAtLeast, checkIntegers, checkKeys } from '@sgm/tensor/check'

/** Points (r cos φ, r sin φ): r and φ `[B]` → `[B, 2]`. */
export function polar(r: TensorOrNumber, phi: Tensor): Tensor {
  return stack([mul(cos(phi), r), mul(sin(phi), r)], 1)
}

/** Uniform numbers in [low, high), `[count]`. */
export function uniformColumn(key: Key, count: number, low = 0, high = 1): Tensor {
  return uniform(key, [count], { low, high })
}

/**
 * A curve or region with isotropic Gaussian noise: what most toy densities are.
 *
 * @param noise Its standard deviation, by the name that messages call it.
 */
export function noisyPoints(
  where: string,
  key: Key,
  count: number,
  noise: Readonly<Record<string, number>>,
  points: (key: Key) => Tensor,
): Tensor {
  checkKeys(where, { key })
  checkIntegers(where, { count })
  checkAtLeast(where, noise, 0)
  const [deviation] = Object.values(noise) as [number]
  const [shapeKey, noiseKey] = split(key)
  return tidy(() => add(points(shapeKey), mul(normal(noiseKey, [count, 2]), deviation)))
}
