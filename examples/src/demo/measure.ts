import { mean, mul, scoped, square, sub, sum, type Tensor, tidy } from '@sgm/tensor'

/** A measured quantity beside its true value. */
export interface Row {
  readonly group: string
  readonly quantity: string
  readonly measured: number
  readonly truth: number
  readonly tolerance: number
  /** Whether the truth is only a bound, from above or from below. @default neither */
  readonly bound?: 'above' | 'below'
  /** Score evaluations spent on it. */
  readonly evaluations?: number
}

/** Whether a quantity lies within its tolerance, or on its side of a bound; NaN does not. */
export function holds({ measured, truth, tolerance, bound }: Row): boolean {
  if (bound === 'above') return measured <= truth + tolerance
  if (bound === 'below') return measured >= truth - tolerance
  return Math.abs(measured - truth) <= tolerance
}

/** A quantity with its true value as people read them. */
export function written({ measured, truth, tolerance, bound }: Row): {
  readonly measured: string
  readonly truth: string
  readonly tolerance: string
} {
  const sign = bound === undefined ? '' : bound === 'above' ? '≤ ' : '≥ '
  return {
    measured: digits(measured),
    truth: `${sign}${digits(truth)}`,
    tolerance: tolerance === 0 ? '' : `± ${digits(tolerance, 2)}`,
  }
}

/** A number to four places after the point, or to so many digits where it is small. */
function digits(value: number, significant = 4): string {
  const small = Math.abs(value) < 1e-3
  const text = Number.isInteger(value)
    ? String(value)
    : small
      ? value.toExponential(1)
      : significant < 4
        ? String(Number(value.toPrecision(significant)))
        : value.toFixed(4)
  return text.replaceAll('-', '−')
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

/** Mean and variance (divided by n) of numbers. */
export function spread(values: ArrayLike<number>): { readonly mean: number; readonly variance: number } {
  const n = values.length
  let [mean, variance] = [0, 0]
  for (let i = 0; i < n; i++) mean += values[i]! / n
  for (let i = 0; i < n; i++) variance += (values[i]! - mean) ** 2 / n
  return { mean, variance }
}
