import { mean, mul, scoped, square, sub, sum, type Tensor, tidy } from '@sgm/tensor'

/** A measured quantity beside its true value. */
export interface Row {
  readonly group: string
  readonly quantity: string
  readonly measured: number
  readonly truth: number
  readonly tolerance: number
  /** Score evaluations spent on it. */
  readonly evaluations?: number
}

/** Whether a quantity lies within its tolerance; NaN does not. */
export function holds({ measured, truth, tolerance }: Row): boolean {
  return Math.abs(measured - truth) <= tolerance
}

/** The mean of a tensor. */
export async function average(x: Tensor): Promise<number> {
  return scoped(async (own) => (await own(tidy(() => mean(x))).data())[0]!)
}

/** E‖a − b‖² / E‖b‖². */
export async function relativeError(a: Tensor, b: Tensor): Promise<number> {
  return scoped(async (own) => {
    const ratio = own(tidy(() => [sum(square(sub(a, b))), sum(square(b))] as const))
    const [error, size] = await Promise.all(ratio.map(async (x) => (await x.data())[0]!))
    return error! / size!
  })
}

/** Sample mean of the first coordinate, and sample variance of x₁ − x₂ over 2: what modes along (1, 1) leave at 1. */
export async function shape(x: Tensor): Promise<{ mean: number; across: number }> {
  return scoped(async (own) => {
    const values = await own(tidy(() => mul(x, 1))).data()
    const rows = x.shape[0]!
    const first = Array.from({ length: rows }, (_, i) => values[2 * i]!)
    const across = Array.from({ length: rows }, (_, i) => (values[2 * i]! - values[2 * i + 1]!) ** 2 / 2)
    return { mean: first.reduce((a, b) => a + b) / rows, across: across.reduce((a, b) => a + b) / rows }
  })
}
