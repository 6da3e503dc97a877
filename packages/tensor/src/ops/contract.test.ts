/// <reference path="../../../../vitest.shared.ts" />
import { describe, expect, inject, test } from 'vitest'
import { grad, type Tensor, tensor, valueAndGrad } from '..'
import { expectNear } from '../testing/near'
import * as ops from '.'
import { activations, type OpCase, opCases } from './contract'
import { type Host, spread } from './contract/host'

/**
 * Room for float32: kernels round to 6e-8, approximate erf to 1.5e-7 and sum tens of terms; each derivative
 * multiplies a few such results.
 */
const tolerance = { value: 1e-5, first: 5e-5, second: 2e-4 }

const tensors = (inputs: readonly Host[]): Tensor[] => inputs.map(({ data, shape }) => tensor(data, shape))

/** L(y) = Σ cy + ½y²: curved, so that second derivatives reach each op's gradient through the cotangent too. */
const weights = (y: { shape: readonly number[] }): Host => spread(y.shape, 0.5, 1.5, 3)

const loss = (run: OpCase['run']) => (inputs: readonly Tensor[]) => {
  const y = run(...inputs)
  const c = weights(y)
  return ops.sum(ops.add(ops.mul(y, tensor(c.data, c.shape)), ops.mul(ops.square(y), 0.5)))
}

const hostLoss = (truth: OpCase['truth'], inputs: readonly Host[]): number => {
  const y = truth(...inputs)
  const c = weights(y)
  return y.data.reduce((sum, value, i) => sum + c.data[i]! * value + 0.5 * value * value, 0)
}

/** The inputs, each moved by `step` times its direction. */
const moved = (inputs: readonly Host[], step: number, directions: readonly Host[]): Host[] =>
  inputs.map(({ data, shape }, k) => ({
    shape,
    data: data.map((value, i) => value + step * directions[k]!.data[i]!),
  }))

const unit = (inputs: readonly Host[], k: number, position: number): Host[] =>
  inputs.map(({ data, shape }, l) => ({ shape, data: data.map((_, i) => Number(k === l && i === position)) }))

/** Central differences in float64, one list per input. */
const differences = (
  f: (inputs: readonly Host[]) => number,
  inputs: readonly Host[],
  step: number,
): number[][] =>
  inputs.map(({ data }, k) =>
    data.map((_, i) => {
      const along = unit(inputs, k, i)
      return (f(moved(inputs, step, along)) - f(moved(inputs, -step, along))) / (2 * step)
    }),
  )

test('every op has a case', () => {
  const cases = new Set<string>(opCases.map(({ op }) => op))
  expect(Object.keys(ops).filter((op) => !cases.has(op))).toEqual([])
})

/** On WebGPU in a page, the first case of each op: its kernels are compiled by what compiles them in Node, where all are tried. */
const casesHere =
  inject('backend') === 'webgpu' && typeof window !== 'undefined'
    ? opCases.filter(({ op }, i) => opCases.findIndex((other) => other.op === op) === i)
    : opCases

describe.each(casesHere.map((it) => [it.label, it] as const))(
  '%s',
  (_label, { inputs, run, truth, constant }) => {
    test('has the value that float64 has', async () => {
      const got = run(...tensors(inputs))
      const wanted = truth(...inputs)
      expect(got.shape).toEqual(wanted.shape)
      await expectNear(got, wanted.data, tolerance.value, 'largest')
    })

    if (inputs.length === 0) return

    test('has the gradient that finite differences have', async () => {
      const gradients = grad(loss(run))(tensors(inputs))
      const wanted = differences((moved) => hostLoss(truth, moved), inputs, 1e-5)
      for (const [k, values] of wanted.entries()) {
        await expectNear(gradients[k]!, constant ? values.map(() => 0) : values, tolerance.first, 'largest')
      }
    })

    test('has the second derivatives, mixed ones too, that finite differences have', async () => {
      const directions = inputs.map(({ shape }, k) => spread(shape, -1, 1, 4 + k))
      const along = tensors(directions)
      const slope = (xs: readonly Tensor[]): Tensor => {
        const gradients = grad(loss(run))(xs)
        return gradients.map((g, k) => ops.sum(ops.mul(g, along[k]!))).reduce((a, b) => ops.add(a, b))
      }
      const products = grad(slope)(tensors(inputs))
      const step = 1e-4
      const hostSlope = (at: readonly Host[]): number =>
        (hostLoss(truth, moved(at, step, directions)) - hostLoss(truth, moved(at, -step, directions))) /
        (2 * step)
      for (const [k, values] of differences(hostSlope, inputs, step).entries()) {
        await expectNear(products[k]!, constant ? values.map(() => 0) : values, tolerance.second, 'largest')
      }
    })
  },
)

describe.each(activations.map((it) => [it.op, it] as const))('%s at many points', (_name, { f, truth }) => {
  const points = Array.from({ length: 121 }, (_, i) => (i - 60) / 15 + 1e-3)
  test('has f, f′ and f″ in closed form', async () => {
    const x = tensor(points)
    const { value, gradient } = valueAndGrad((x: Tensor) => ops.sum(f(x)))(x)
    const second = grad((x) => ops.sum(grad((x) => ops.sum(f(x)))(x)))(x)
    const wanted = points.map(truth)
    await expectNear(
      f(x),
      wanted.map(([v]) => v),
      tolerance.value,
      'largest',
    )
    await expectNear(value, [wanted.reduce((sum, [v]) => sum + v, 0)], tolerance.value, 'largest')
    await expectNear(
      gradient,
      wanted.map(([, first]) => first),
      tolerance.first,
      'largest',
    )
    await expectNear(
      second,
      wanted.map(([, , second]) => second),
      tolerance.second,
      'largest',
    )
  })
})
