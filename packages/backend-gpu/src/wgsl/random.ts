const rounds = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const
const keys = ['key.x', 'key.y', 'key.x ^ key.y ^ 0x1bd11bdau'] as const

/** Four rounds, and what of the key is added after them. */
const quarter = (i: number): string => {
  const mixed = rounds[i % 2]!.map((by) => `x += y; y = ((y << ${by}u) | (y >> ${32 - by}u)) ^ x;`)
  return `${mixed.join(' ')} x += ${keys[(i + 1) % 3]}; y += (${keys[(i + 2) % 3]}) + ${i + 1}u;`
}

/** Threefry-2x32 with 20 rounds, as the tensor package has it: the same words. */
export const threefry = `fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  var x = counter.x + key.x;
  var y = counter.y + key.y;
${[0, 1, 2, 3, 4].map((i) => `  ${quarter(i)}`).join('\n')}
  return vec2<u32>(x, y);
}`

/**
 * Box and Muller's method with the polynomials of the tensor package, in float32: within 3e-6 of the host's normals. 1 − m is exact, being
 * taken from integers: so no digits are lost where u is near 1.
 */
export const boxMuller = `fn normals(words: vec2<u32>) -> vec2<f32> {
  let n = countLeadingZeros(words.x);
  let up = select(words.x << n, 0x80000000u, words.x == 0u);
  let half = select(exp2(f32(n) - 1.0), 0.0, words.x == 0u);
  let s = (f32(0u - up) - half) / (4294967296.0 + (f32(up) + half));
  let ss = s * s;
  let log = 1.3862943611198906 * f32(n) + s * (3.9999999996180122 + ss * (1.3333335805286795 + ss * (0.7999742249372467 + ss * (0.5724041481687447 + ss * (0.42797121013357087 + ss * 0.4878781616804605)))));
  let radius = sqrt(log);
  let phi = (f32(bitcast<i32>(words.y ^ 0x80000000u)) + 0.5) * 3.657295198167899e-10;
  let pp = phi * phi;
  let sin = phi * (0.9999999999956731 + pp * (-0.16666666631591165 + pp * (0.00833332878245888 + pp * (-0.000198392022122311 + pp * 2.7173456841089953e-6))));
  let cos = 0.9999999999524894 + pp * (-0.4999999961485761 + pp * (0.041666616692532826 + pp * (-0.0013886617999647076 + pp * 2.4379831251175367e-5)));
  let sin2 = 2.0 * sin * cos;
  let cos2 = 1.0 - 2.0 * sin * sin;
  return vec2<f32>(radius * (1.0 - 2.0 * sin2 * sin2), radius * 2.0 * sin2 * cos2);
}`
