import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { runPerElement, type WebglBackend } from './program'

/** A kernel of x alone; `numbers` are its attributes by the names that the code knows them by. */
const unary = (body: string, numbers: Readonly<Record<string, string>> = {}, prelude = ''): Replacement =>
  forFloats(({ inputs, attrs, backend }) => {
    const { x } = inputs as { x: Info }
    const values = Object.entries(numbers).map(([name, attribute]) => [name, attrs?.[attribute] as number])
    const code = `${prelude} float f(float x) { if (isnan(x)) return x; ${body} }`
    return runPerElement(backend as WebglBackend, [x], x.shape, code, Object.fromEntries(values))
  })

/** A kernel of two operands, which may stretch. */
const binary = (body: string, operands: readonly [string, string] = ['a', 'b'], prelude = ''): Replacement =>
  forFloats(({ inputs, backend }) => {
    const [a, b] = operands.map((name) => inputs[name]) as [Info, Info]
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
    return runPerElement(
      backend as WebglBackend,
      [a, b],
      shape,
      `${prelude} float f(float a, float b) { ${body} }`,
    )
  })

const PASS_NAN = 'if (isnan(a) || isnan(b)) return NAN;'

/** ln(1 + x): 2 artanh(x / (2 + x)) by its series where the digits of a small x would be lost. */
const LN1P = `
  float ln1p(float x) {
    if (abs(x) > .25) return x < -1. ? NAN : log(1. + x);
    float z = x / (2. + x), zz = z * z;
    return 2. * z * (1. + zz * (1. / 3. + zz * (1. / 5. + zz * (1. / 7. + zz / 9.))));
  }`

/** eˣ − 1, by its series where the digits of a small x would be lost. */
const EXPM1 = `
  float expm1(float x) {
    if (abs(x) > .5) return exp(x) - 1.;
    return x * (1. + x / 2. * (1. + x / 3. * (1. + x / 4. * (1. + x / 5. * (1. + x / 6. * (1. + x / 7.))))));
  }`

/** Two to a whole power of at most 254. */
const POWER = `
  float power(int k) {
    int first = min(k, 127);
    return uintBitsToFloat(uint(first + 127) << 23) * uintBitsToFloat(uint(k - first + 127) << 23);
  }`

/** The divisor doubled as often as it fits, taken off, halved, taken off, …: each difference is exact. */
const MOD = `
  ${PASS_NAN}
  if (b == 0. || isinf(a)) return NAN;
  float rest = abs(a), divisor = abs(b);
  int k = isinf(b) ? -1 : int(floatBitsToUint(rest) >> 23) - int(floatBitsToUint(divisor) >> 23);
  for (; k >= 0; k--) {
    float multiple = divisor * power(k);
    if (rest >= multiple) rest -= multiple;
  }
  if (a < 0.) rest = -rest;
  return rest != 0. && (rest < 0.) != (b < 0.) ? rest + b : rest;`

/** 1 for 1 to any power and any number to the power 0, NaN among them; a whole power of a negative number has a sign. */
const POW = `
  if (a == 1. || b == 0. || (a == -1. && isinf(b))) return 1.;
  ${PASS_NAN}
  bool isWhole = floor(b) == b;
  if (a < 0. && !isWhole && !isinf(a)) return NAN;
  float size = abs(a);
  float y = size == 0. ? (b > 0. ? 0. : 1. / size) : pow(size, b);
  return a < 0. && isWhole && abs(b) < 16777216. && mod(abs(b), 2.) == 1. ? -y : y;`

/** That of the first quadrant, taken to its own by the signs, zeros' too: GLSL leaves it open for zeros and infinities. */
const ATAN2 = `
  ${PASS_NAN}
  float y = abs(a), x = abs(b);
  float angle = y == x ? (y == 0. ? 0. : .7853981633974483) : atan(y, x);
  if (floatBitsToUint(b) >> 31 == 1u) angle = 3.141592653589793 - angle;
  return floatBitsToUint(a) >> 31 == 1u ? -angle : angle;`

/** Ties to even, with the sign of x: of −0.5 it is −0. */
const ROUND = `
  uint sign = floatBitsToUint(x) & 0x80000000u;
  return uintBitsToFloat(floatBitsToUint(abs(roundEven(x))) | sign);`

/**
 * Kernels that work element by element, right for NaN, infinities and what lies beside them in a texel; tfjs lets NaN stop
 * the clipping of its neighbours, has 1 for 0/0 and ∞/∞, NaN for relu(−∞), ∞ for cosh(NaN), and a remainder of rounded
 * quotients.
 */
export const elementwise: Readonly<Record<string, Replacement>> = {
  Acosh: unary('return x < 1. ? NAN : x > 1e9 ? log(x) + .6931472 : log(x + sqrt(x * x - 1.));'),
  Asinh: unary(
    'float a = abs(x); return sign(x) * (a > 1e9 ? log(a) + .6931472 : ln1p(a + a * a / (1. + sqrt(a * a + 1.))));',
    {},
    LN1P,
  ),
  Atan2: binary(ATAN2),
  Atanh: unary('return abs(x) > 1. ? NAN : .5 * (ln1p(x) - ln1p(-x));', {}, LN1P),
  ClipByValue: unary('return min(max(x, low), high);', { low: 'clipValueMin', high: 'clipValueMax' }),
  Cosh: unary('return .5 * (exp(x) + exp(-x));'),
  Elu: unary('return x > 0. ? x : expm1(x);', {}, EXPM1),
  Expm1: unary('return expm1(x);', {}, EXPM1),
  LeakyRelu: unary('return x > 0. ? x : alpha * x;', { alpha: 'alpha' }),
  Log1p: unary('return ln1p(x);', {}, LN1P),
  Mod: binary(MOD, ['a', 'b'], POWER),
  Pow: binary(POW),
  Prelu: binary(`${PASS_NAN} return a > 0. ? a : b * a;`, ['x', 'alpha']),
  RealDiv: binary(`${PASS_NAN} return a != b ? a / b : b == 0. || isinf(b) ? NAN : 1.;`),
  Relu: unary('return max(x, 0.);'),
  Relu6: unary('return clamp(x, 0., 6.);'),
  Round: unary(ROUND),
  Selu: unary('return x > 0. ? 1.0507009873554805 * x : 1.7580993408473768 * expm1(x);', {}, EXPM1),
  Sign: unary('return sign(x);'),
  Sinh: unary(`
    if (abs(x) > 1.) return .5 * (exp(x) - exp(-x));
    float xx = x * x;
    return x * (1. + xx / 6. * (1. + xx / 20. * (1. + xx / 42. * (1. + xx / 72.))));`),
  Softplus: unary('return max(x, 0.) + ln1p(exp(-abs(x)));', {}, LN1P),
}
