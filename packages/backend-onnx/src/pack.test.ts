import {
  add,
  clip,
  compile,
  div,
  key,
  mul,
  normal,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  type Variable,
  variable,
} from '@sgm/tensor'
import { flattenArguments, hostExecutor, interpreter, traceToGraph } from '@sgm/tensor/compile'
import { expect, test } from 'vitest'
import { packUpdates } from './pack'
import { packingUpdates } from './packed-state'

const executor = hostExecutor(packingUpdates(interpreter))

const values = (shapes: readonly number[][]): Variable[] =>
  shapes.map((shape, i) => variable(normal(key(i), shape)))
const vectors = (...lengths: number[]): Variable[] => values(lengths.map((length) => [length]))

/** RMSProp, with slots: the parameters' gradients are x times them. */
function updating(shapes: readonly number[][]) {
  const p = values(shapes)
  const v = values(shapes)
  const step = (x: Tensor): Tensor => {
    const loss = p.map((one) => sum(square(mul(one, x)))).reduce((a, b) => add(a, b))
    p.forEach((one, i) => {
      const g = mul(one, x)
      const next = add(mul(square(v[i]!), 0.9), mul(square(g), 0.1))
      v[i]!.assign(next)
      one.assign(sub(one, mul(div(g, add(sqrt(next), 1e-3)), 0.1)))
    })
    return loss
  }
  return { step, state: [...p, ...v] }
}

const kernels = async (fn: (x: Tensor) => unknown): Promise<string[]> => {
  const { graph } = await traceToGraph(fn, flattenArguments('x', [tensor(0.5)]))
  return packUpdates(graph).graph.nodes.map(({ kernel }) => kernel)
}
const count = (all: readonly string[], kernel: string): number => all.filter((one) => one === kernel).length

test.each([
  ['vectors', [[3], [5], [1], [4]]],
  ['vectors and matrices', [[3], [2, 5], [3, 1], [4], [1], [6], [7]]],
])('small %s are updated together, to the same bits', async (_, shapes) => {
  const all = await kernels(updating(shapes).step)
  expect(count(all, 'Sqrt')).toBe(1)
  expect(count(all, 'SplitV'), 'parameters are cut apart, slots are not').toBe(1)
  const [eager, compiled] = [updating(shapes), updating(shapes)]
  const call = compile(compiled.step, { executor })
  for (let i = 0; i < 3; i++) {
    const x = tensor(0.5 + i)
    const [wanted, got] = [await eager.step(x).data(), await (await call(x)).data()]
    expect(got[0]).toBe(wanted[0])
  }
  await call.pullVariables()
  for (const [i, one] of eager.state.entries()) {
    expect(await compiled.state[i]!.data()).toEqual(await one.data())
  }
})

test('slots that are kept as one are read and written as they were made', async () => {
  const [eager, compiled] = [updating([[3], [2, 5], [1], [4]]), updating([[3], [2, 5], [1], [4]])]
  const call = compile(compiled.step, { executor })
  const x = tensor(0.5)
  for (let round = 0; round < 2; round++) {
    eager.step(x)
    await call(x)
    await call.pullVariables()
    for (const [i, one] of eager.state.entries()) {
      expect(await compiled.state[i]!.data()).toEqual(await one.data())
      for (const state of [eager, compiled]) state.state[i]!.assign(mul(state.state[i]!, 1 + i))
    }
    await call.pushVariables()
  }
})

test('slots that are read elsewhere are joined for their update alone', async () => {
  const { step, state } = updating([[3], [5], [1], [4]])
  const all = await kernels((x) => {
    const before = state.map((one) => sum(one))
    return [step(x), ...before]
  })
  expect(count(all, 'Sqrt')).toBe(1)
  expect(count(all, 'SplitV')).toBe(2)
})

test('slots whose old values others take over are joined for their update alone', async () => {
  const make = () => {
    const slots = vectors(2, 3, 4)
    const before = vectors(2, 3, 4)
    const step = (x: Tensor): Tensor => {
      slots.forEach((slot, i) => {
        before[i]!.assign(slot)
        slot.assign(sqrt(add(square(slot), square(mul(slot, x)))))
      })
      return x
    }
    return { step, state: [...slots, ...before] }
  }
  const [eager, compiled] = [make(), make()]
  const call = compile(compiled.step, { executor })
  for (let i = 0; i < 2; i++) {
    eager.step(tensor(0.5))
    await call(tensor(0.5))
  }
  await call.pullVariables()
  for (const [i, one] of eager.state.entries()) {
    expect(await compiled.state[i]!.data()).toEqual(await one.data())
  }
})

test('large values are left as they are', async () => {
  expect(count(await kernels(updating([[5000], [70, 70], [5000]]).step), 'Sqrt')).toBe(3)
})

test('updates that differ are made apart', async () => {
  const [a, b, c, d, e, f] = vectors(2, 3, 4, 5, 6, 7) as [
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
  ]
  const all = await kernels((x) => {
    for (const one of [a, b, c]) one.assign(sqrt(clip(mul(one, x), 0, Number.POSITIVE_INFINITY)))
    for (const one of [d, e, f]) one.assign(sqrt(clip(mul(one, x), 0, 2)))
  })
  expect(count(all, 'Sqrt')).toBe(2)
})

test('what is read elsewhere is no update', async () => {
  const state = vectors(2, 3, 4, 5)
  const all = await kernels((x) => {
    const next = state.map((one) => sqrt(square(mul(one, x))))
    state.forEach((one, i) => {
      one.assign(next[i]!)
    })
    return next[1]
  })
  expect(count(all, 'Sqrt')).toBe(2)
})
