/**
 * GLSL of functions that GLSL lacks, or leaves so inexact that results would differ between GPUs.
 *
 * `ln`: ln x = e ln 2 + 2 artanh((m − 1)/(m + 1)) with x = m 2^e, √½ ≤ m < √2, so that no digits are lost near 1. `exponential`: e^x =
 * 2^n e^r, |r| ≤ ½ ln 2, with n ln 2 taken off in two parts; `halfExp` goes by its root, since half of it may not overflow where it does.
 * `sine`: quarter turns are taken off in four parts of π/2, of which three have 8 bits so that their multiples are exact up to 65536,
 * then polynomials, fitted to 1e-10, on |r| ≤ π/4. `arctan`: arctan a = π/4 + arctan((a − 1)/(a + 1)) and, from 1 on, π/2 − arctan(1/a).
 * `errorOf`: erf x = x P(x²) up to 1; from there 1 − e^(−x²) t P(t), t = 1/(1 + x/2), by polynomials fitted to 1e-9.
 */
export const FUNCTIONS = `
#define INF uintBitsToFloat(0x7f800000u)
float scaled(float x, int k) {
  int first = clamp(k, -126, 127);
  return x * uintBitsToFloat(uint(first + 127) << 23) * uintBitsToFloat(uint(k - first + 127) << 23);
}
float twiceArtanh(float x) {
  float q = x * x;
  return x * (2. + q * (.66666667 + q * (.4 + q * (.28571428 + q * (.2222222 + q * .1818182)))));
}
float ln(float x) {
  if (x < 0.) return NAN;
  if (x < 1.17549435e-38) return -INF;
  if (!(x < INF)) return x;
  int e = (floatBitsToInt(x) - 0x3f3504f3) >> 23;
  x = intBitsToFloat(floatBitsToInt(x) - (e << 23));
  return float(e) * .6931472 + twiceArtanh((x - 1.) / (x + 1.));
}
float ln1p(float x) { return abs(x) < .4 ? twiceArtanh(x / (2. + x)) : ln(1. + x); }
float growth(float x) {
  return x * (1. + x * (.5 + x * (.16666667 + x * (.041666668 + x * (.0083333338 + x * (.0013888889 + x * .0001984127))))));
}
float exponential(float x) {
  if (x > 88.72284) return INF;
  x = max(x, -104.);
  float n = floor(x * 1.4426950 + .5);
  return scaled(1. + growth((x - n * .693359375) + n * 2.12194440e-4), int(n));
}
float expm1(float x) { return abs(x) > .35 ? exponential(x) - 1. : growth(x); }
float halfExp(float x) {
  float root = exponential(.5 * x);
  return .5 * root * root;
}
float sine(float x, int quarters) {
  if (!(abs(x) < INF)) return NAN;
  if (abs(x) > 65536.) return quarters == 1 ? cos(x) : sin(x);
  float n = floor(x * .6366198 + .5);
  x = ((x - n * 1.5703125) - n * 4.825592041015625e-4) - n * 1.2665987014770508e-6 - n * 9.9209358e-10;
  float q = x * x;
  quarters += int(n);
  float y = (quarters & 1) == 1
    ? 1. + q * (-.5 + q * (.04166661 + q * (-.0013886529 + q * 2.437263e-5)))
    : x * (1. + q * (-.16666667 + q * (.0083333287 + q * (-.00019839178 + q * 2.717149e-6))));
  return (quarters & 2) == 2 ? -y : y;
}
float arctan(float x) {
  float a = abs(x), turn = 0.;
  bool isLarge = a > 1.;
  if (isLarge) a = 1. / a;
  if (a > .4142136) { turn = .78539816; a = (a - 1.) / (a + 1.); }
  float q = a * a;
  a = turn + a * (1. + q * (-.33333307 + q * (.19998189 + q * (-.14239633 + q * (.10570496 + q * -.06027852)))));
  if (isLarge) a = 1.5707964 - a;
  return x < 0. ? -a : a;
}
float arctan2(float y, float x) {
  float a = abs(y), b = abs(x);
  a = a == b ? (a == 0. ? 0. : .78539816) : a > b ? 1.5707964 - arctan(b / a) : arctan(a / b);
  if (floatBitsToInt(x) < 0) a = 3.1415927 - a;
  return floatBitsToInt(y) < 0 ? -a : a;
}
float errorOf(float x) {
  float a = min(abs(x), 4.2), q = x * x, t = 1. / (1. + .5 * a);
  if (a < 1.) return x * (1.1283792 + q * (-.37612638 + q * (.11283782 + q * (-.026865392 + q * (.0052209232 + q * (-.00084825078 + q * (.00011254641 + q * -9.634992e-6)))))));
  return sign(x) * (1. - exponential(-a * a) * t * (.28223718 + t * (.27980776 + t * (.26214996 + t * (.12213617 + t * (.18605403 + t * (-.080923702 + t * (-.10927033 + t * .058063146))))))));
}
float remainder(float a, float b) {
  if (b == 0. || isinf(a)) return NAN;
  float rest = abs(a), divisor = abs(b);
  int k = isinf(b) ? -1 : int(floatBitsToUint(rest) >> 23) - int(floatBitsToUint(divisor) >> 23);
  for (; k >= 0; k--) {
    float multiple = scaled(divisor, k);
    if (rest >= multiple) rest -= multiple;
  }
  if (a < 0.) rest = -rest;
  return rest != 0. && (rest < 0.) != (b < 0.) ? rest + b : rest;
}
float power(float x, float y) {
  bool isWhole = floor(y) == y;
  if (x < 0. && !isWhole && !isinf(x)) return NAN;
  float a = abs(x), z = a == 0. || isinf(a) || isinf(y) ? ((a > 1.) == (y > 0.) ? INF : 0.) : exp2(y * (ln(a) * 1.4426950));
  return isWhole && abs(y) < 16777216. && (int(y) & 1) == 1 && floatBitsToInt(x) < 0 ? -z : z;
}
`
