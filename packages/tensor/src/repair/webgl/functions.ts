/** Functions that GLSL lacks, or leaves so inexact that small values lose their digits: code to stand before what calls them. */

/** ln(1 + x): 2 artanh(x / (2 + x)) by its series where the digits of a small x would be lost. */
export const LN1P = `
  float ln1p(float x) {
    if (abs(x) > .25) return x < -1. ? NAN : log(1. + x);
    float z = x / (2. + x), zz = z * z;
    return 2. * z * (1. + zz * (1. / 3. + zz * (1. / 5. + zz * (1. / 7. + zz / 9.))));
  }`

/** eˣ − 1, by its series where the digits of a small x would be lost. */
export const EXPM1 = `
  float expm1(float x) {
    if (abs(x) > .5) return exp(x) - 1.;
    return x * (1. + x / 2. * (1. + x / 3. * (1. + x / 4. * (1. + x / 5. * (1. + x / 6. * (1. + x / 7.))))));
  }`

/** eᵃ / 2 by its root, since eᵃ may overflow though half of it does not. */
export const HALF_EXP = `
  float halfExp(float a) {
    float root = exp(.5 * a);
    return (.5 * root) * root;
  }`

/** tanh x, by eˣ − 1 where the digits of a small x would be lost. */
export const TANH = `${EXPM1}
  float tanhOf(float x) {
    if (abs(x) > .25) return sign(x) * (1. - 2. / (exp(2. * min(abs(x), 20.)) + 1.));
    float e = expm1(2. * x);
    return e / (e + 2.);
  }`

/** sin (x + a number of quarter turns): those in x are taken off in three parts of π/2, what is left goes into polynomials. */
export const SINE = `
  float sine(float x, int quarters) {
    if (isinf(x)) return NAN;
    if (abs(x) > 65536.) return quarters == 1 ? cos(x) : sin(x);
    float n = floor(x * .6366197723675814 + .5);
    float r = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
    float q = r * r;
    int turn = (int(n) + quarters) & 3;
    float part = (turn & 1) == 1
      ? 1. + q * (-.5 + q * (.04166661 + q * (-.0013886529 + q * 2.437263e-5)))
      : r * (1. + q * (-.16666667 + q * (.0083333287 + q * (-.00019839178 + q * 2.717149e-6))));
    return turn >= 2 ? -part : part;
  }`
