import {
  add,
  type Compiled,
  choice,
  compile,
  dispose,
  type Executor,
  foldIn,
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
import { agreesWithEager } from './agrees'
import { expectNoLeaks } from './leaks'
import { expectNear } from './near'

/** One thing that every executor must do beside computing what ops do; `check` throws where it does not. */
interface Behaviour {
  readonly name: string
  check(executor: Executor): Promise<void>
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

/** State, draws, turns, memory. */
export const behaviours: readonly Behaviour[] = [
  { name: 'draws of every kind are those of the key', check: drawsAgree },
  { name: 'keeps state', check: keepsState },
  { name: 'keeps apart what shares memory', check: keepsApartWhatSharesMemory },
  { name: 'takes turns', check: takesTurns },
  { name: 'takes what is freed at once', check: takesWhatIsFreedAtOnce },
  { name: 'has many programs', check: hasManyPrograms },
  { name: 'hands on what it is given', check: handsOnWhatItIsGiven },
  { name: 'frees all', check: freesAll },
]
