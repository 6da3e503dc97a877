import { onnx } from '@sgm/backend-onnx'
import type { Loss } from '@sgm/losses'
import { mapNetwork, type Network, networkOf } from '@sgm/score'
import {
  add,
  cast,
  foldIn,
  gather,
  key,
  mul,
  type NamedTensors,
  split,
  square,
  sub,
  sum,
  tensor,
  uniform,
  uniformValues,
  zeros,
} from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sgd } from './optimizers/sgd'
import { train } from './train'

describe.each(['eagerly', 'compiled'])('a step, taken %s,', (how) => {
  it('hands conditions to the network and the loss', async () => {
    // One θ a class, the loss of a row ½(c + 1)(θ_c − x)²: at rate 1 with B rows, θ_c gains Σ_{rows of c} (c + 1)(x − θ_c)/B a step.
    const table = networkOf({
      parameters: { theta: { shape: [3, 1], initial: (_, shape) => zeros(shape) } },
      apply: ({ theta }, x, _, condition) => add(mul(x, 0), gather(theta!, condition!)),
    })
    const loss: Loss = {
      draw: () => ({}),
      evaluate: (score, x, _, condition) =>
        mul(sum(square(sub(score(x, x), x)), 1), mul(add(cast(condition!, 'float32'), 1), 0.5)),
    }
    const labels = [
      [0, 2, 2, 0],
      [2, 1, 0, 0],
    ]
    const values = [
      [4, 8, -2, 6],
      [1, 5, 3, -1],
    ]
    const run = train({
      model: table,
      loss,
      data: (step) => ({
        x: tensor(values[step]!.map((value) => [value])),
        condition: tensor(labels[step]!, [4], 'int32'),
      }),
      key: key(0),
      steps: 2,
      rate: 1,
      optimizer: sgd(),
      ema: false,
      ...(how === 'compiled' && { compile: onnx({ threads: 1 }) }),
    })
    const theta = [0, 0, 0]
    for await (const { step, loss } of run) {
      const rows = values[step - 1]!.map((x, i) => ({ x, c: labels[step - 1]![i]! }))
      const exact = rows.reduce((all, { x, c }) => all + (0.5 * (c + 1) * (theta[c]! - x) ** 2) / 4, 0)
      expect(loss).toBeCloseTo(exact, 4)
      const pulls = rows.map(({ x, c }) => ({ c, pull: ((c + 1) * (x - theta[c]!)) / 4 }))
      for (const { c, pull } of pulls) theta[c]! += pull
    }
    const learned = await run.parameters.theta!.data()
    for (const [c, value] of theta.entries()) expect(learned[c]).toBeCloseTo(value, 4)
    run.dispose()
  })

  it('hands a network conditions by their names, and the loss the labels', async () => {
    // One θ, the loss of a row c(kθ − x)²/2: with k = 2, x = 3 and c = 4, θ gains 2 · 4 · 3 at rate 1.
    const factor = networkOf({
      parameters: { theta: { shape: [1], initial: (_, shape) => zeros(shape) } },
      apply: ({ theta }, x) => add(mul(x, 0), theta!),
    })
    const model: Network = {
      ...factor,
      apply: (parameters, x, t, condition) =>
        mul(factor.apply(parameters, x, t), (condition as NamedTensors).factors!),
    }
    const loss: Loss = {
      draw: () => ({}),
      evaluate: (score, x, _, labels) =>
        mul(sum(square(sub(score(x, x), x)), 1), mul(cast(labels!, 'float32'), 0.5)),
    }
    const run = train({
      model,
      loss,
      data: () => ({
        x: tensor([[3]]),
        condition: { class_labels: tensor([4], [1], 'int32'), factors: tensor([[2]]) },
      }),
      key: key(0),
      steps: 1,
      rate: 1,
      optimizer: sgd(),
      ema: false,
      ...(how === 'compiled' && { compile: onnx({ threads: 1 }) }),
    })
    for await (const { loss } of run) expect(loss).toBeCloseTo(18, 4)
    expect((await run.parameters.theta!.data())[0]).toBeCloseTo(24, 4)
    run.dispose()
  })

  it('hands a network what it drew for the step', async () => {
    // θ moves by the draw m of each step, for the loss is mθ: at rate 1 to −Σ m.
    const drawn = (step: number) => uniformValues(foldIn(split(key(0), 3)[2]!, step), 2)
    const block = networkOf({
      parameters: { theta: { shape: [1], initial: (_, shape) => zeros(shape) } },
      draw: (drawKey, count) => ({ mask: uniform(drawKey, [count, 1]) }),
      apply: ({ theta }, x, _, __, draws) => add(mul(x, 0), mul(theta!, draws!.mask!)),
    })
    const run = train({
      model: mapNetwork(block, (f) => f),
      loss: { draw: () => ({}), evaluate: (score, x) => sum(score(x, x), 1) },
      data: () => zeros([2, 1]),
      key: key(0),
      steps: 3,
      rate: 1,
      optimizer: sgd(),
      ema: false,
      ...(how === 'compiled' && { compile: onnx({ threads: 1 }) }),
    })
    for await (const _ of run);
    const wanted = [0, 1, 2].reduce((all, step) => all - (drawn(step)[0]! + drawn(step)[1]!) / 2, 0)
    expect((await run.parameters.theta!.data())[0]).toBeCloseTo(wanted, 5)
    run.dispose()
  })
})
