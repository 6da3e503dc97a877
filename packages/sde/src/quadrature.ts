import { expected } from '@sgm/tensor'

const deepest = 100
/** Intervals of one integral: what is not smooth anywhere would be halved without end. */
const most = 10_000

const nodes = [
  0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945, 0.5860872354676911,
  0.4058451513773972, 0.20778495500789848, 0,
]
const kronrod = [
  0.022935322010529224, 0.06309209262997856, 0.10479001032225019, 0.14065325971552592, 0.1690047266392679,
  0.19035057806478542, 0.20443294007529889, 0.20948214108472782,
]
const gauss = [0.1294849661688697, 0.27970539148927664, 0.3818300505051189, 0.4179591836734694]

/**
 * The integral of `f` over [a, b], by adaptive bisection with the 7-point Gauss and 15-point Kronrod rules. The ends are
 * never evaluated, so an integrable singularity there is found.
 *
 * @param where Named in errors.
 * @throws RangeError when `f` is not finite, or the tolerance is not met after 100 bisections or in 10 000 intervals.
 */
export function integrate(
  where: string,
  f: (x: number) => number,
  a: number,
  b: number,
  relativeTolerance = 1e-12,
): number {
  const whole = rule(f, a, b)
  const allowed = relativeTolerance * whole.size
  let intervals = 0
  const refine = (a: number, b: number, { value, error, size }: Estimate, depth: number): number => {
    if (!Number.isFinite(value)) throw expected(where, `finite values in [${a}, ${b}]`, value)
    // Rounding alone leaves an error of some epsilons of the size.
    if (error <= Math.max(allowed, 1e-14 * size)) return value
    const middle = a + (b - a) / 2
    if (depth === deepest || ++intervals === most || !(middle > a && middle < b)) {
      throw expected(where, `convergence in [${a}, ${b}]`, `an error of ${error}`)
    }
    return refine(a, middle, rule(f, a, middle), depth + 1) + refine(middle, b, rule(f, middle, b), depth + 1)
  }
  return refine(a, b, whole, 0)
}

interface Estimate {
  readonly value: number
  readonly error: number
  /** The integral of |f|. */
  readonly size: number
}

function rule(f: (x: number) => number, a: number, b: number): Estimate {
  const half = (b - a) / 2
  const middle = a + half
  let [fine, coarse, size] = [0, 0, 0]
  for (const [i, node] of nodes.entries()) {
    const pair = i === 7 ? [f(middle)] : [f(middle - half * node), f(middle + half * node)]
    const sum = pair.reduce((p, q) => p + q, 0)
    fine += kronrod[i]! * sum
    size += kronrod[i]! * pair.reduce((p, q) => p + Math.abs(q), 0)
    if (i % 2 === 1) coarse += gauss[(i - 1) / 2]! * sum
  }
  return { value: fine * half, error: Math.abs((fine - coarse) * half), size: size * Math.abs(half) }
}
