/** A function and the others that it calls. */
interface Helper {
  readonly code: string
  readonly uses?: readonly string[]
}

/** Functions that WGSL lacks, or leaves so inexact that results would differ between adapters. */
const helpers = {
  is_nan: {
    code: `fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  },
  is_inf: {
    code: `fn is_inf(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }`,
  },
  is_finite: {
    code: `fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }`,
  },
  // WGSL lets compilers assume that there is no NaN: where it must come through, or be made, it is made of its bits.
  nan: { code: `fn nan(bits: u32) -> f32 { return bitcast<f32>(bits | 0x7fc00000u); }` },
  infinity: {
    code: `fn infinity(sign: u32) -> f32 { return bitcast<f32>((sign & 0x80000000u) | 0x7f800000u); }`,
  },
  maximum: {
    code: `fn maximum(a: f32, b: f32) -> f32 { return select(max(a, b), nan(0u), is_nan(a) || is_nan(b)); }`,
    uses: ['is_nan', 'nan'],
  },
  minimum: {
    code: `fn minimum(a: f32, b: f32) -> f32 { return select(min(a, b), nan(0u), is_nan(a) || is_nan(b)); }`,
    uses: ['is_nan', 'nan'],
  },
  floor_div: {
    code: `fn floor_div(a: i32, b: i32) -> i32 { let q = a / b; return q - select(0, 1, q * b != a && (a < 0) != (b < 0)); }`,
  },
  floor_mod: {
    code: `fn floor_mod(a: i32, b: i32) -> i32 { return a - floor_div(a, b) * b; }`,
    uses: ['floor_div'],
  },
  sign_of: {
    code: `fn sign_of(x: f32) -> f32 { return select(sign(x), x, is_nan(x)); }`,
    uses: ['is_nan'],
  },
  // The divisor doubled as often as it fits, taken off, halved, taken off, …: each difference is exact.
  float_mod: {
    code: `fn float_mod(a: f32, b: f32) -> f32 {
  if (!is_finite(a) || is_nan(b) || b == 0.0) { return nan(0u); }
  var rest = abs(a);
  let divisor = abs(b);
  var k = select(i32(bitcast<u32>(rest) >> 23u) - i32(bitcast<u32>(divisor) >> 23u), -1, is_inf(b));
  for (; k >= 0; k--) {
    let first = min(k, 127);
    let multiple = divisor * bitcast<f32>((first + 127) << 23u) * bitcast<f32>((k - first + 127) << 23u);
    if (rest >= multiple) { rest -= multiple; }
  }
  if (a < 0.0) { rest = -rest; }
  return select(rest, rest + b, rest != 0.0 && (rest < 0.0) != (b < 0.0));
}`,
    uses: ['is_finite', 'is_inf', 'is_nan', 'nan'],
  },
  round_even: {
    code: `fn round_even(x: f32) -> f32 { return select(round(x), x, abs(x) >= 8388608.0 || is_nan(x)); }`,
    uses: ['is_nan'],
  },
  // ln x = e ln 2 + 2 artanh((m − 1)/(m + 1)) with x = m 2^e, √½ ≤ m < √2: no digits are lost near 1.
  ln: {
    code: `fn ln(x: f32) -> f32 {
  if (is_nan(x) || x < 0.0) { return nan(bitcast<u32>(x)); }
  if (x < 1.17549435e-38) { return infinity(0x80000000u); }
  if (is_inf(x)) { return x; }
  let e = (bitcast<i32>(x) - 0x3f3504f3) >> 23u;
  let m = bitcast<f32>(bitcast<i32>(x) - (e << 23u));
  return f32(e) * 0.6931471805599453 + twice_artanh((m - 1.0) / (m + 1.0));
}`,
    uses: ['is_nan', 'nan', 'is_inf', 'infinity', 'twice_artanh'],
  },
  twice_artanh: {
    code: `fn twice_artanh(s: f32) -> f32 {
  let q = s * s;
  return s * (2.0 + q * (0.6666666666 + q * (0.4000000 + q * (0.28571428 + q * (0.2222222 + q * 0.1818181)))));
}`,
  },
  ln_1p: {
    code: `fn ln_1p(x: f32) -> f32 { if (abs(x) < 0.4) { return twice_artanh(x / (2.0 + x)); } return ln(1.0 + x); }`,
    uses: ['ln', 'twice_artanh'],
  },
  // e^x = 2^n e^r, |r| ≤ ½ ln 2, with n ln 2 taken off in two parts; 2^n as a product, since it may be too large or too small by itself.
  exp_of: {
    code: `fn exp_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x > 88.72284) { return infinity(0u); }
  let n = round(max(x, -104.0) * 1.4426950408889634);
  let r = fma(n, 2.12194440e-4, fma(n, -0.693359375, max(x, -104.0)));
  let p = 1.0 + r * (1.0 + r * (0.5 + r * (0.16666667 + r * (0.041666668 + r * (0.0083333338 + r * (0.0013888889 + r * 0.0001984127))))));
  let half = i32(n) / 2;
  return p * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((i32(n) - half + 127) << 23u);
}`,
    uses: ['is_nan', 'infinity'],
  },
  exp_m1: {
    code: `fn exp_m1(x: f32) -> f32 {
  if (!(abs(x) <= 0.35)) { return exp_of(x) - 1.0; }
  return x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.0083333338 + x * (0.0013888889 + x * 0.0001984127))))));
}`,
    uses: ['exp_of'],
  },
  tanh_of: {
    code: `fn tanh_of(x: f32) -> f32 {
  let a = abs(x);
  if (a > 0.175) { let r = 1.0 - 2.0 / (exp(2.0 * min(a, 20.0)) + 1.0); return select(select(r, -r, x < 0.0), x, is_nan(x)); }
  let e = exp_m1(2.0 * x);
  return e / (e + 2.0);
}`,
    uses: ['exp_m1', 'is_nan'],
  },
  sigmoid: { code: `fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp_of(-x)); }`, uses: ['exp_of'] },
  softplus: {
    code: `fn softplus(x: f32) -> f32 { return select(max(x, 0.0) + ln_1p(exp_of(-abs(x))), x, is_nan(x)); }`,
    uses: ['exp_of', 'ln_1p', 'is_nan'],
  },
  // Quarter turns are taken off in three parts of π/2, then polynomials, fitted to 1e-10, on |r| ≤ π/4.
  sin_of: {
    code: `fn sin_of(x: f32) -> f32 { return sine(x, 0); }`,
    uses: ['sine'],
  },
  cos_of: { code: `fn cos_of(x: f32) -> f32 { return sine(x, 1); }`, uses: ['sine'] },
  sine: {
    code: `fn sine(x: f32, quarters: i32) -> f32 {
  if (!is_finite(x)) { return nan(bitcast<u32>(x)); }
  // Farther out the three parts do not suffice.
  if (abs(x) > 65536.0) { return select(sin(x), cos(x), quarters == 1); }
  let n = round(x * 0.6366197723675814);
  var r = fma(n, -1.5703125, x);
  r = fma(n, -4.837512969970703125e-4, r);
  r = fma(n, -7.54978995489188216e-8, r);
  let q = r * r;
  let s = r * (1.0 + q * (-0.16666667 + q * (0.0083333287 + q * (-0.00019839178 + q * 2.717149e-6))));
  let c = 1.0 + q * (-0.5 + q * (0.04166661 + q * (-0.0013886529 + q * 2.437263e-5)));
  let turn = (i32(n) + quarters) & 3;
  let part = select(s, c, (turn & 1) == 1);
  return select(part, -part, turn >= 2);
}`,
    uses: ['is_finite', 'nan'],
  },
  tan_of: { code: `fn tan_of(x: f32) -> f32 { return sine(x, 0) / sine(x, 1); }`, uses: ['sine'] },
  // e^a by its root where it would overflow, though half of it does not.
  sinh_of: {
    code: `fn sinh_of(x: f32) -> f32 {
  let a = abs(x);
  if (a > 40.0) { return sign(x) * half_exp(a); }
  let e = exp_m1(a);
  return select(sign(x) * 0.5 * (e + e / (e + 1.0)), x, is_nan(x));
}`,
    uses: ['exp_m1', 'half_exp', 'is_nan'],
  },
  cosh_of: {
    code: `fn cosh_of(x: f32) -> f32 {
  let a = abs(x);
  if (a > 40.0) { return half_exp(a); }
  let e = exp_of(a);
  return 0.5 * (e + 1.0 / e);
}`,
    uses: ['exp_of', 'half_exp'],
  },
  half_exp: {
    code: `fn half_exp(a: f32) -> f32 { let root = exp_of(0.5 * a); return (0.5 * root) * root; }`,
    uses: ['exp_of'],
  },
  // arctan a = π/4 + arctan((a − 1)/(a + 1)) and, from 1 on, π/2 − arctan(1/a).
  atan_of: {
    code: `fn atan_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  var a = abs(x);
  let large = a > 1.0;
  if (large) { a = 1.0 / a; }
  let high = a > 0.41421356;
  if (high) { a = (a - 1.0) / (a + 1.0); }
  let q = a * a;
  var r = a * (1.0 + q * (-0.33333307 + q * (0.19998189 + q * (-0.14239633 + q * (0.10570496 + q * -0.06027852)))));
  if (high) { r += 0.7853981633974483; }
  if (large) { r = 1.5707963267948966 - r; }
  return select(r, -r, x < 0.0);
}`,
    uses: ['is_nan'],
  },
  asin_of: {
    code: `fn asin_of(x: f32) -> f32 {
  if (is_nan(x) || abs(x) > 1.0) { return nan(bitcast<u32>(x)); }
  return 2.0 * atan_of(x / (1.0 + sqrt((1.0 - x) * (1.0 + x))));
}`,
    uses: ['is_nan', 'nan', 'atan_of'],
  },
  acos_of: {
    code: `fn acos_of(x: f32) -> f32 {
  if (is_nan(x) || abs(x) > 1.0) { return nan(bitcast<u32>(x)); }
  if (x <= -1.0) { return 3.141592653589793; }
  return 2.0 * atan_of(sqrt((1.0 - x) / (1.0 + x)));
}`,
    uses: ['is_nan', 'nan', 'atan_of'],
  },
  atan_2: {
    code: `fn atan_2(y: f32, x: f32) -> f32 {
  if (is_nan(x) || is_nan(y)) { return nan(0u); }
  if (x == 0.0 && y == 0.0) { return select(0.0, 3.141592653589793, (bitcast<u32>(x) >> 31u) == 1u) * select(1.0, -1.0, (bitcast<u32>(y) >> 31u) == 1u); }
  let steep = abs(y) > abs(x);
  let ratio = select(select(y / x, x / y, steep), sign(x) * sign(y), abs(x) == abs(y));
  var r = atan_of(ratio);
  if (steep) { r = select(1.5707963267948966, -1.5707963267948966, y < 0.0) - r; }
  else if (x < 0.0) { r += select(3.141592653589793, -3.141592653589793, (bitcast<u32>(y) >> 31u) == 1u); }
  return r;
}`,
    uses: ['is_nan', 'nan', 'atan_of'],
  },
  asinh_of: {
    code: `fn asinh_of(x: f32) -> f32 {
  let a = abs(x);
  let r = select(ln_1p(a + a * a / (1.0 + sqrt(a * a + 1.0))), ln(a) + 0.6931471805599453, a > 1e9);
  return select(r, -r, x < 0.0);
}`,
    uses: ['ln_1p', 'ln'],
  },
  acosh_of: {
    code: `fn acosh_of(x: f32) -> f32 { if (x > 1e9) { return ln(x) + 0.6931471805599453; } let t = x - 1.0; if (t < 0.0) { return nan(0u); } return ln_1p(t + sqrt(t * (t + 2.0))); }`,
    uses: ['ln_1p', 'ln', 'nan'],
  },
  atanh_of: {
    code: `fn atanh_of(x: f32) -> f32 { if (abs(x) > 1.0) { return nan(0u); } return 0.5 * (ln_1p(x) - ln_1p(-x)); }`,
    uses: ['ln_1p', 'nan'],
  },
  // erf x = x P(x²) up to 1; from there 1 − e^(−x²) t P(t), t = 1/(1 + x/2): polynomials fitted to 1e-9.
  erf_of: {
    code: `fn erf_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let a = min(abs(x), 4.2);
  if (a < 1.0) {
    let q = x * x;
    return x * (1.12837917 + q * (-0.37612638 + q * (0.11283782 + q * (-0.026865392 + q * (0.0052209232 + q * (-0.00084825078 + q * (0.00011254641 + q * -9.634992e-6)))))));
  }
  let t = 1.0 / (1.0 + 0.5 * a);
  let tail = t * (0.28223718 + t * (0.27980776 + t * (0.26214996 + t * (0.12213617 + t * (0.18605403 + t * (-0.080923702 + t * (-0.10927033 + t * 0.058063146)))))));
  let r = 1.0 - exp(-a * a) * tail;
  return select(r, -r, x < 0.0);
}`,
    uses: ['is_nan'],
  },
  // |x|^y with x's sign where y is odd; small whole powers by multiplication, exactly.
  power: {
    code: `fn power(x: f32, y: f32) -> f32 {
  if (y == 0.0 || x == 1.0) { return 1.0; }
  if (is_nan(x) || is_nan(y)) { return nan(0u); }
  if (y == 1.0) { return x; }
  if (y == 2.0) { return x * x; }
  if (y == 3.0) { return x * x * x; }
  if (y == -1.0) { return 1.0 / x; }
  if (y == 0.5 && x > 0.0) { return sqrt(x); }
  let whole = floor(y) == y;
  let odd = whole && abs(y) < 16777216.0 && (i32(y) & 1) == 1;
  let a = abs(x);
  var r: f32;
  if (a == 0.0) { r = select(0.0, infinity(0u), y < 0.0); }
  else if (is_inf(a) || is_inf(y)) { r = select(0.0, infinity(0u), (a > 1.0) == (y > 0.0)); if (a == 1.0) { r = 1.0; } }
  else { r = exp2(y * (ln(a) * 1.4426950408889634)); }
  if (x < 0.0 && !whole && !is_inf(x)) { return nan(0u); }
  return select(r, -r, odd && (bitcast<u32>(x) >> 31u) == 1u);
}`,
    uses: ['is_nan', 'nan', 'is_inf', 'infinity', 'ln'],
  },
  int_power: {
    code: `fn int_power(x: i32, y: i32) -> i32 { var r = 1; for (var i = 0; i < y; i++) { r *= x; } return r; }`,
  },
} as const satisfies Readonly<Record<string, Helper>>

/** A function of {@link helperCode}. */
export type HelperName = keyof typeof helpers

/**
 * The WGSL of functions that WGSL lacks or leaves inexact, and of those that they use, each once: for kernels of eager tensors and
 * of executors alike.
 *
 * @param names Those that are called, in any order.
 * @returns Declarations, to stand before what calls them.
 * @example
 * helperCode(['is_nan']).length // → 1
 */
export function helperCode(names: Iterable<HelperName>): string[] {
  const all = new Set<HelperName>()
  const add = (name: HelperName): void => {
    if (all.has(name)) return
    all.add(name)
    const helper: Helper = helpers[name]
    for (const used of helper.uses ?? []) add(used as HelperName)
  }
  for (const name of names) add(name)
  return [...all].map((name) => helpers[name].code)
}
