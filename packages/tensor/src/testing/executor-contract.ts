import {
  add,
  type Compiled,
  cast,
  choice,
  compile,
  dispose,
  type Executor,
  foldIn,
  grad,
  type Key,
  key,
  matMul,
  mean,
  mul,
  type NamedTensors,
  normal,
  permutation,
  rademacher,
  scalar,
  split,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  uniform,
  valueAndGrad,
  variable,
  zeros,
} from '@sgm/tensor'
import { type OpCase, opCases } from '../ops/contract'
import { type SpecialCase, specialCases } from '../ops/contract/special'
import { expectNoLeaks } from './leaks'
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
  /**
   * Whether NaN and infinities are to be those of IEEE 754. Code for GPUs may take it that they do not occur (WGSL, section 15.7): an engine
   * there leaves them out.
   *
   * @default true
   */
  readonly notFinite?: boolean
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
  { tolerance = 5e-5, graphs = 60, notFinite = true, integerBits = 32 }: ContractOptions = {},
): readonly ExecutorCheck[] {
  const agrees = <T>(fn: (x: T) => Named, x: () => T) => agreesWithEager(executor, fn, x, tolerance)
  const special = notFinite ? specialCases.filter((it) => (it.integerBits ?? 24) <= integerBits) : []
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
    { name: 'draws of every kind are those of the key', run: () => drawsAgree(executor) },
    ...[
      keepsState,
      keepsApartWhatSharesMemory,
      takesTurns,
      takesWhatIsFreedAtOnce,
      hasManyPrograms,
      handsOnWhatItIsGiven,
      freesAll,
    ].map((check) => ({
      name: check.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      run: () => check(executor),
    })),
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

type Named = Readonly<Record<string, Tensor>>

async function agreesWithEager<T>(
  executor: Executor,
  fn: (x: T) => Named,
  argument: () => T,
  tolerance: number,
): Promise<void> {
  const x = argument()
  const [eager, compiled] = [compile(fn), compile(fn, { executor })]
  const [wanted, got] = [await eager(x), await compiled(x)]
  try {
    for (const [name, x] of Object.entries(wanted)) {
      await expectNear(got[name]!, x, tolerance, 'largest').catch(({ message }) => {
        throw new Error(`${name}: ${message}`)
      })
    }
  } finally {
    dispose([x, wanted, got])
    await compiled.dispose()
  }
}

async function drawsAgree(executor: Executor): Promise<void> {
  const everyKind = (source: Key) => {
    const [first, second] = split(source)
    return {
      normal: normal(first, [300, 2]),
      other: normal(second, [3, 2]),
      uniform: uniform(foldIn(first, 7), [4], { low: -1, high: 2 }),
      signs: rademacher(second, [2, 3]),
      choice: choice(first, [1, 0, 3], [5]),
      permutation: permutation(second, 6),
    }
  }
  for (const seed of [0, 1, 2 ** 40]) await agreesWithEager(executor, everyKind, () => key(seed), 3e-6)
}

/** Gradient descent on the mean square of w − x. */
function descent(executor: Executor) {
  const w = variable(tensor([1, 2]))
  const step = compile(
    (x: Tensor) => {
      const loss = ({ w }: NamedTensors): Tensor => mean(square(sub(w!, x)))
      const { value, gradient } = valueAndGrad<NamedTensors, []>(loss)({ w })
      w.assign(sub(w, mul(gradient.w!, 0.5)))
      return { value }
    },
    { executor },
  )
  return { w, step }
}

async function holds(x: Tensor, values: readonly number[]): Promise<void> {
  const wanted = tensor(values as number[], x.shape)
  await expectNear(x, wanted, 1e-6)
  wanted.dispose()
}

async function keepsState(executor: Executor): Promise<void> {
  const { w, step } = descent(executor)
  const x = tensor([0, 0])
  await holds((await step(x)).value, [2.5])
  await holds((await step(x)).value, [0.625])
  await holds(w, [1, 2])
  await step.pullVariables()
  await holds(w, [0.25, 0.5])
  w.assign(tensor([4, 4]))
  await step.pushVariables()
  await holds((await step(x)).value, [16])
  await step.dispose()
}

async function keepsApartWhatSharesMemory(executor: Executor): Promise<void> {
  const start = tensor([1, 2])
  const [a, b] = [variable(start), variable(start)]
  const step = compile(
    (x: Tensor) => {
      a.assign(add(a, x))
      return { a: add(a, 0), b: add(b, 0) }
    },
    { executor },
  )
  await step(tensor([1, 1]))
  const after = await step(tensor([1, 1]))
  await holds(after.a, [3, 4])
  await holds(after.b, [1, 2])
  await step.dispose()
}

async function takesTurns(executor: Executor): Promise<void> {
  const w = variable(scalar(1))
  const step = compile(
    (x: Tensor) => {
      w.assign(sum(mul(x, w)))
      return add(w, 0)
    },
    { executor },
  )
  const x = [tensor([2]), tensor([1, 2]), tensor([3])]
  const results = await Promise.all(x.map((one) => step(one)))
  for (const [i, product] of [2, 6, 18].entries()) await holds(results[i]!, [product])
  await step.dispose()
}

async function takesWhatIsFreedAtOnce(executor: Executor): Promise<void> {
  const f = compile((x: Tensor) => mul(x, 2), { executor })
  const results = [1, 2, 3].map((n) => {
    const x = tensor([n])
    const result = f(x)
    x.dispose()
    return result
  })
  for (const [i, result] of results.entries()) await holds(await result, [2 * (i + 1)])
  await f.dispose()
}

/** Of one function for several shapes, and of two functions with variables in common. */
async function hasManyPrograms(executor: Executor): Promise<void> {
  const { w, step } = descent(executor)
  const read = compile((x: Tensor) => add(sum(mul(w, x)), 0), { executor })
  const two = tensor([1, 1])
  await step(tensor([0, 0]))
  await step(tensor([[0, 0]]))
  await step.pullVariables()
  await holds(w, [0.25, 0.5])
  await holds(await read(two), [0.75])
  await step(tensor([0, 0]))
  await step.pullVariables()
  await read.pushVariables()
  await holds(await read(two), [0.375])
  await Promise.all([step.dispose(), read.dispose()])
}

/** Arguments, constants and variables as results, twice; results of no elements. */
async function handsOnWhatItIsGiven(executor: Executor): Promise<void> {
  const [w, c] = [variable(tensor([5])), tensor([7])]
  const f = compile((x: Tensor) => ({ x, twice: x, w, c, empty: mul(zeros([0, 2]), x) }), { executor })
  const x = tensor([3])
  const { empty, ...rest } = await f(x)
  await holds(rest.x, [3])
  await holds(rest.twice, [3])
  await holds(rest.w, [5])
  await holds(rest.c, [7])
  await expectNear(empty, zeros([0, 2]), 0)
  await holds(x, [3])
  await f.dispose()
}

async function freesAll(executor: Executor): Promise<void> {
  const w = variable(normal(key(2), [3, 3]))
  const x = normal(key(3), [2, 3])
  const make = (): Compiled<[Tensor], Tensor> =>
    compile(
      (y: Tensor) => {
        w.assign(mul(tanh(add(w, matMul(transpose(y), y))), 0.5))
        return sum(w)
      },
      { executor },
    )
  await expectNoLeaks(async () => {
    const f = make()
    for (let i = 0; i < 3; i++) dispose(await f(x))
    await f.pullVariables()
    await f.dispose()
  })
  dispose([w, x])
}
