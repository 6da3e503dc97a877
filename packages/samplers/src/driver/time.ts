import { expected } from '@sgm/tensor'

/** The length t − s of a step of a sampler that can only go backward in time. @throws RangeError unless s <= t. */
export function backward(where: string, t: number, s: number): number {
  if (!(s <= t)) throw expected(where, 'times that fall', `${t} then ${s}`)
  return t - s
}
