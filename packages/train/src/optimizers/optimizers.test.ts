import { dispose, type NamedTensors, scalar, tensor, tidy } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { adam } from './adam'
import { sgd } from './sgd'
import type { Optimizer } from './types'

const gradientsOf = (step: number): number[] => [Math.sin(step), 3 * Math.cos(2 * step), -0.01]

/** Where ten steps lead from (1, −1, 2). */
async function after(optimizer: Optimizer, rate: number, count = 10): Promise<number[]> {
  let parameters: NamedTensors = { p: tensor([1, -1, 2]) }
  let slots = optimizer.init(parameters)
  for (let step = 1; step <= count; step++) {
    const next = tidy(() => {
      const coefficients = Object.fromEntries(
        Object.entries(optimizer.coefficients(step, rate)).map(([name, value]) => [name, scalar(value)]),
      )
      return optimizer.update({
        parameters,
        gradients: { p: tensor(gradientsOf(step)) },
        slots,
        coefficients,
      })
    })
    dispose([parameters, slots])
    ;({ parameters, slots } = next)
  }
  const values = Array.from(await parameters.p!.data())
  dispose([parameters, slots])
  return values
}

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 5)
}

it('adam takes the steps of the paper, in float64 by hand', async () => {
  const [beta1, beta2, epsilon, rate] = [0.8, 0.95, 1e-3, 0.1]
  const p = [1, -1, 2]
  const m = [0, 0, 0]
  const v = [0, 0, 0]
  for (let step = 1; step <= 10; step++) {
    for (const [i, g] of gradientsOf(step).entries()) {
      m[i] = beta1 * m[i]! + (1 - beta1) * g
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g
      p[i]! -= (rate * (m[i]! / (1 - beta1 ** step))) / (Math.sqrt(v[i]! / (1 - beta2 ** step)) + epsilon)
    }
  }
  expectClose(await after(adam({ beta1, beta2, epsilon }), rate), p)
})

it('adam takes the steps that tf.train.adam takes', async () => {
  const variable = tf.variable(tf.tensor1d([1, -1, 2]))
  const reference = tf.train.adam(0.05, 0.9, 0.999, 1e-8)
  for (let step = 1; step <= 10; step++) {
    const gradient = tf.tensor1d(gradientsOf(step)) as unknown as tf.Variable
    reference.applyGradients({ [variable.name]: gradient })
  }
  expectClose(await after(adam(), 0.05), Array.from(await variable.data()))
})

it('weight decay shrinks by rate · decay, apart from the gradient', async () => {
  const decaying = adam({ weightDecay: 0.1 })
  const rate = 0.05
  const plain = await after(adam(), rate, 1)
  const decayed = await after(decaying, rate, 1)
  expectClose(
    decayed.map((value, i) => value - plain[i]!),
    [1, -1, 2].map((p) => -rate * 0.1 * p),
  )
})

it('sgd with momentum takes the steps of Polyak, by hand', async () => {
  const p = [1, -1, 2]
  const u = [0, 0, 0]
  for (let step = 1; step <= 10; step++) {
    for (const [i, g] of gradientsOf(step).entries()) {
      u[i] = 0.9 * u[i]! + g
      p[i]! -= 0.1 * u[i]!
    }
  }
  expectClose(await after(sgd({ momentum: 0.9 }), 0.1), p)
})

it.each([
  ['adam', adam()],
  ['sgd', sgd({ momentum: 0.9 })],
])('%s takes parameters of any name', (_, optimizer) => {
  const names = ['__proto__', 'constructor', 'toString']
  const parameters = Object.fromEntries(names.map((name) => [name, tensor([1])]))
  const coefficients = { rate: scalar(1), stepSize: scalar(1), rootShift: scalar(1), shrink: scalar(1) }
  const slots = optimizer.init(parameters)
  const next = optimizer.update({ parameters, gradients: parameters, slots, coefficients })
  expect(Object.keys(next.parameters)).toEqual(names)
  expect(Object.keys(next.slots)).toEqual(Object.keys(slots))
})

it('refuses options out of range', () => {
  expect(() => adam({ beta1: 1 })).toThrow('adam: expected beta1 in [0, 1), got 1')
  expect(() => adam({ beta2: -0.1 })).toThrow('adam: expected beta2 in [0, 1), got -0.1')
  expect(() => adam({ epsilon: 0 })).toThrow('adam: expected epsilon > 0, got 0')
  expect(() => adam({ weightDecay: Number.NaN })).toThrow('adam: expected weightDecay >= 0, got NaN')
  expect(() => sgd({ momentum: 1 })).toThrow('sgd: expected momentum in [0, 1), got 1')
})
