import {
  add,
  cast,
  compile,
  dispose,
  type Executor,
  foldIn,
  grad,
  key,
  mul,
  normal,
  square,
  sum,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import { type OpCase, opCases } from '../ops/contract'
import { type SpecialCase, specialCases } from '../ops/contract/special'
import { agreesWithEager, type Named } from './agrees'
import { behaviours } from './executor-behaviours'
import { expectNear } from './near'
import { randomGraph } from './random-graphs'

/** One thing that an executor must do; `run` throws where it does not. */
export interface ExecutorCheck {
  readonly name: string
  run(): Promise<void>
}

/** Options of {@link executorContract}. */
export interface ContractOptions {
  /** How far results may be from those of eager code, relative to 1 plus the largest. @default 5e-5 */
  readonly tolerance?: number
  /** How many random graphs are tried. @default 60 */
  readonly graphs?: number
  /** How many bits of integers are exact: 24 where they are kept as floats, as WebGL does. @default 32 */
  readonly integerBits?: 24 | 32
}

/**
 * What `compile` asks of any executor, as checks to run one by one: every op with its gradient and second derivative, random graphs,
 * state, draws, overlapping calls, memory. Eager code on the current backend is what results are held to.
 *
 * @param executor The one that is tested.
 * @example
 * const checks = executorContract(reference())
 * for (const { run } of checks.slice(0, 3)) await run()
 */
export function executorContract(
  executor: Executor,
  { tolerance = 5e-5, graphs = 60, integerBits = 32 }: ContractOptions = {},
): readonly ExecutorCheck[] {
  const agrees = <T>(fn: (x: T) => Named, x: () => T) => agreesWithEager(executor, fn, x, tolerance)
  const special = specialCases.filter((it) => (it.integerBits ?? 24) <= integerBits)
  return [
    ...opCases.map((it) => ({ name: it.label, run: () => agrees(derivatives(it), () => inputsOf(it)) })),
    ...special.map((it) => ({
      name: `${it.op}, ${it.label}`,
      run: () => hasSpecialValues(executor, it, tolerance),
    })),
    ...Array.from({ length: graphs }, (_, i) => {
      const { shape, run } = randomGraph(foldIn(key(2026), i))
      const slope = grad((x: Tensor) => sum(square(run(x))))
      const all = (x: Tensor) => ({ value: run(x), gradient: slope(x) })
      return { name: `random graph ${i}`, run: () => agrees(all, () => mul(normal(key(1), shape), 0.5)) }
    }),
    ...behaviours.map(({ name, check }) => ({ name, run: () => check(executor) })),
  ]
}

const inputsOf = ({ inputs }: OpCase): Tensor[] => inputs.map(({ data, shape }) => tensor(data, shape))

/** An op's value, gradient and second derivative, by a loss that is curved in the value. */
function derivatives(it: OpCase) {
  const loss = (xs: readonly Tensor[]): Tensor => {
    const y = cast(it.run(...xs), 'float32')
    return sum(add(mul(y, 0.7), mul(square(y), 0.5)))
  }
  const slope = (xs: readonly Tensor[]): Tensor =>
    grad(loss)(xs)
      .map((g) => sum(square(g)))
      .reduce(add)
  return (xs: readonly Tensor[]): Record<string, Tensor> => {
    const named = (name: string, gradients: readonly Tensor[]) =>
      Object.fromEntries(gradients.map((g, i) => [`${name} by input ${i}`, g]))
    const value = { value: it.run(...xs) }
    if (xs.length === 0) return value
    return { ...value, ...named('gradient', grad(loss)(xs)), ...named('second derivative', grad(slope)(xs)) }
  }
}

/** Rather than to eager code, held to the right values: engines would lose NaN and infinities alike. */
async function hasSpecialValues(
  executor: Executor,
  { inputs, run, value }: SpecialCase,
  tolerance: number,
): Promise<void> {
  const compiled = compile((xs: readonly Tensor[]) => run(...xs), { executor })
  const xs = inputs.map(({ data, shape }) => tensor(data, shape))
  const [got, wanted] = [await compiled(xs), tensor(value.data, value.shape)]
  try {
    await expectNear(got, wanted, tolerance)
  } finally {
    dispose([xs, got, wanted])
    await compiled.dispose()
  }
}
