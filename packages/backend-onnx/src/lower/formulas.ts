import type { Builder } from '../builder'

/** Elementwise functions that ONNX has no operator for, or one that loses digits, infinities or the signs of zeros. */

/** e^x − 1 = tanh(x/2) (e^x + 1), which keeps its digits near 0. */
export function expm1(builder: Builder, x: string): string {
  const half = builder.op('Tanh', [builder.op('Mul', [x, builder.float(0.5)])])
  return builder.op('Mul', [half, builder.op('Add', [builder.op('Exp', [x]), builder.float(1)])])
}

const LARGEST = 3.4028234663852886e38

/** ln(1+x) = ln(u) x/(u−1) with u = 1+x, which keeps its digits near 0; u stays finite, for ∞/∞ is no number. */
export function log1p(builder: Builder, x: string): string {
  const one = builder.float(1)
  const u = builder.op('Min', [builder.op('Add', [x, one]), builder.float(LARGEST)])
  const ratio = builder.op('Div', [x, builder.op('Sub', [u, one])])
  const exact = builder.op('Mul', [builder.op('Log', [u]), ratio])
  return builder.op('Where', [builder.op('Equal', [u, one]), x, exact])
}

/** 2 artanh(z)/z as a polynomial in z² on [0, 1/9]: its largest relative error, 1.7·10⁻⁷, is the least that three powers allow. */
const TWICE_ARTANH = [1.99999967, 0.66676003, 0.39589461, 0.34226051] as const

/**
 * max(x, 0) + ln(1 + e^−|x|), the logarithm as 2 artanh(z) with z = h/(1 + h), h = e^−|x|/2: ONNX Runtime's own Softplus takes six times as
 * long. HardSigmoid multiplies and adds in one operator; what it makes lies between its bounds. Largest relative error: 4·10⁻⁷ for |x| < 5,
 * 1.3·10⁻⁶ at −86, for what ln 2 + |x| is rounded by.
 *
 * No number on the way is below 10⁻³⁸: many processors take a hundred times as long for those. Left of −86.6 the result, which would be
 * one, is 0.
 */
export function softplus(builder: Builder, x: string): string {
  const op = builder.op.bind(builder)
  const exponent = op('Clip', [op('Sub', [builder.float(-Math.LN2), op('Abs', [x])]), builder.float(-87.3)])
  const z = op('Softsign', [op('Exp', [exponent])])
  const large = op('Clip', [z, builder.float(1e-18)])
  const zz = op('Mul', [large, large])
  const [c0, c1, beta, alpha] = TWICE_ARTANH
  let series = op('HardSigmoid', [zz], { alpha: { float: alpha }, beta: { float: beta } })
  for (const coefficient of [c1, c0])
    series = op('Add', [op('Mul', [series, zz]), builder.float(coefficient)])
  const kept = op('ThresholdedRelu', [z], { alpha: { float: 1.25e-38 } })
  return op('Add', [op('Relu', [x]), op('Mul', [series, kept])])
}

/** 1 / (1 + e^−x): ONNX Runtime's own Sigmoid has no digits of small values, which are 0 left of −18. */
export function sigmoid(builder: Builder, x: string): string {
  const power = builder.op('Exp', [builder.op('Neg', [x])])
  return builder.op('Reciprocal', [builder.op('Add', [power, builder.float(1)])])
}

/** scale · x right of 0 and slope · (e^x − 1) left of it; ONNX Runtime's own operators subtract 1 from e^x. */
export function elu(builder: Builder, x: string, scale = 1, slope = 1): string {
  const scaled = (y: string, factor: number): string =>
    factor === 1 ? y : builder.op('Mul', [y, builder.float(factor)])
  const left = expm1(builder, builder.op('Min', [x, builder.float(0)]))
  return builder.op('Add', [scaled(builder.op('Relu', [x]), scale), scaled(left, slope)])
}

/**
 * 1 right of 0 and `left` elsewhere; NaN stays. ONNX Runtime takes several times as long to choose between values as to multiply them: the
 * steepest line, cut off at 0 and 1, brings the least float32 to 5·10⁻⁷, and then to 1.
 */
export function step(builder: Builder, x: string, left = 0): string {
  const op = builder.op.bind(builder)
  const steep = (y: string): string =>
    op('HardSigmoid', [y], { alpha: { float: LARGEST }, beta: { float: 0 } })
  const right = steep(steep(x))
  if (left === 0) return right
  return op('Add', [right, op('Mul', [op('Sub', [builder.float(1), right]), builder.float(left)])])
}

/** a − b ⌊a/b⌋ without a quotient to round: the remainder with a's sign, moved by b where b's sign is another. */
export function floorMod(builder: Builder, a: string, b: string): string {
  const op = builder.op.bind(builder)
  const zero = builder.float(0)
  const remainder = op('Mod', [a, b], { fmod: 1 })
  const apart = op('Xor', [op('Less', [remainder, zero]), op('Less', [b, zero])])
  const moves = op('And', [apart, op('Not', [op('Equal', [remainder, zero])])])
  return op('Add', [remainder, op('Where', [moves, b, zero])])
}

/** The angle of the point (x, y): that of (|x|, |y|), brought to the quadrant that the signs, of zeros too, tell. */
export function atan2(builder: Builder, y: string, x: string): string {
  const op = builder.op.bind(builder)
  const [height, width] = [op('Abs', [y]), op('Abs', [x])]
  const isNegative = (v: string): string => {
    const isBelow = (one: string): string => op('Less', [one, builder.float(0)])
    return op('Or', [isBelow(v), isBelow(op('Reciprocal', [v]))])
  }
  // 0/0 is 0 here and ∞/∞ is 1.
  const ratio = op('Where', [op('Equal', [height, width]), op('Sign', [height]), op('Div', [height, width])])
  const acute = op('Atan', [ratio])
  const above = op('Where', [isNegative(x), op('Sub', [builder.float(Math.PI), acute]), acute])
  return op('Where', [isNegative(y), op('Neg', [above]), above])
}

const isInteger = (builder: Builder, x: string, value: number): string =>
  builder.op('Equal', [x, builder.scalar('int32', value)])

/** An integer to divide by: for 0 and −1 it is 1, which leaves 0 too. The processor ends the process where it divides by 0, or −2³¹ by −1. */
export function divisor(builder: Builder, b: string): string {
  const isUnit = builder.op('Or', [isInteger(builder, b, 0), isInteger(builder, b, -1)])
  return builder.op('Where', [isUnit, builder.scalar('int32', 1), b])
}

/** ⌊a/b⌋ of integers; 0 where b is 0. */
export function floorDiv(builder: Builder, a: string, b: string): string {
  const op = builder.op.bind(builder)
  const by = divisor(builder, b)
  const quotient = op('Div', [op('Sub', [a, op('Mod', [a, by])]), by])
  const zero = builder.scalar('int32', 0)
  const other = op('Where', [isInteger(builder, b, 0), zero, quotient])
  return op('Where', [isInteger(builder, b, -1), op('Sub', [zero, a]), other])
}
