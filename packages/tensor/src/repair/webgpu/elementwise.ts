import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { runPerElement } from './program'

/** ln x, infinite where x is; ln(1 + x) = 2 artanh(x / (2 + x)), by its series where the digits of a small x would be lost. */
const LOGARITHMS = `
  fn ln(x: f32) -> f32 {
    if (x < 0.0) { return uniforms.NAN; }
    if (x == 0.0) { return -uniforms.INFINITY; }
    if (isinf(x)) { return x; }
    return log(x);
  }
  fn ln1p(x: f32) -> f32 {
    if (abs(x) > 0.25) { return ln(1.0 + x); }
    let z = x / (2.0 + x);
    let q = z * z;
    return 2.0 * z * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q / 9.0))));
  }`

/** A kernel of one operand; NaN comes through. */
const unary =
  (body: string): Replacement =>
  (plain, kernelName) =>
    forFloats(({ inputs, backend }) => {
      const x = inputs.x as Info
      return runPerElement(backend as WebGPUBackend, [x], x, {
        key: `sgm ${kernelName}`,
        code: `${LOGARITHMS} fn f(x: f32) -> f32 { if (isnan(x)) { return x; } ${body} }`,
      })
    })(plain, kernelName)

/** A kernel of two operands. */
const binary =
  (body: string): Replacement =>
  (plain, kernelName) =>
    forFloats(({ inputs, backend }) => {
      const { a, b } = inputs as { a: Info; b: Info }
      const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
      return runPerElement(
        backend as WebGPUBackend,
        [a, b],
        { shape, dtype: 'float32' },
        { key: `sgm ${kernelName}`, code: `fn f(a: f32, b: f32) -> f32 { ${body} }` },
      )
    })(plain, kernelName)

/** The divisor doubled as often as it fits, taken off, halved, taken off, …: each difference is exact. */
const MOD = `
  if (isnan(a) || isnan(b) || isinf(a) || b == 0.0) { return uniforms.NAN; }
  var rest = abs(a);
  let divisor = abs(b);
  var k = select(i32(bitcast<u32>(rest) >> 23u) - i32(bitcast<u32>(divisor) >> 23u), -1, isinf(b));
  for (; k >= 0; k--) {
    let first = min(k, 127);
    let multiple = divisor * bitcast<f32>((first + 127) << 23u) * bitcast<f32>((k - first + 127) << 23u);
    if (rest >= multiple) { rest -= multiple; }
  }
  if (a < 0.0) { rest = -rest; }
  return select(rest, rest + b, rest != 0.0 && (rest < 0.0) != (b < 0.0));`

/** 1 for 1 to any power and any number to the power 0, NaN among them; a whole power of a negative number has a sign. */
const POW = `
  if (a == 1.0 || b == 0.0 || (a == -1.0 && isinf(b))) { return 1.0; }
  if (isnan(a) || isnan(b)) { return uniforms.NAN; }
  let isWhole = floor(b) == b;
  if (a < 0.0 && !isWhole && !isinf(a)) { return uniforms.NAN; }
  let size = abs(a);
  var power = pow(size, b);
  if (size == 0.0 || isinf(size) || isinf(b)) {
    power = select(0.0, uniforms.INFINITY, (size > 1.0) == (b > 0.0));
  }
  let isOdd = isWhole && abs(b) < 16777216.0 && (i32(b) & 1) == 1;
  return select(power, -power, a < 0.0 && isOdd);`

/** Kernels of floats that work element by element and that tfjs has wrong for NaN, infinities or many digits. */
export const elementwise: Readonly<Record<string, Replacement>> = {
  Acosh: unary(`
    if (x < 1.0) { return uniforms.NAN; }
    if (x > 1e9) { return ln(x) + 0.6931472; }
    let t = x - 1.0;
    return ln1p(t + sqrt(t * (t + 2.0)));`),
  Asinh: unary(`
    let a = abs(x);
    let size = select(ln1p(a + a * a / (1.0 + sqrt(a * a + 1.0))), ln(a) + 0.6931472, a > 1e9);
    return select(size, -size, x < 0.0);`),
  Atanh: unary('if (abs(x) > 1.0) { return uniforms.NAN; } return 0.5 * (ln1p(x) - ln1p(-x));'),
  Cosh: unary('return 0.5 * (exp(x) + exp(-x));'),
  Elu: unary('return select(exp(x) - 1.0, x, x > 0.0);'),
  Log1p: unary('return ln1p(x);'),
  Mod: binary(MOD),
  Pow: binary(POW),
  Selu: unary('return select(1.7580993408473768 * (exp(x) - 1.0), 1.0507009873554805 * x, x > 0.0);'),
  Sigmoid: unary('return 1.0 / (1.0 + exp(-x));'),
  Sign: unary('return sign(x);'),
  Sinh: unary(`
    if (abs(x) > 1.0) { return 0.5 * (exp(x) - exp(-x)); }
    let q = x * x;
    return x * (1.0 + q / 6.0 * (1.0 + q / 20.0 * (1.0 + q / 42.0 * (1.0 + q / 72.0))));`),
  Softplus: unary('return max(x, 0.0) + ln1p(exp(-abs(x)));'),
}
