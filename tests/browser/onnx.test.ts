import { onnx } from '@sgm/backend-onnx'
import { mlp } from '@sgm/score'
import {
  compile,
  key,
  mean,
  mul,
  type NamedTensors,
  normal,
  square,
  sub,
  type Tensor,
  uniform,
  type Variable,
  valueAndGrad,
  variable,
} from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, inject, test } from 'vitest'

/** Float32 rounding of a few layers, each of which two engines may round differently. */
const TOLERANCE = 1e-4

const executor = onnx({ wasmPaths: inject('ort') })
const network = mlp({ hidden: [16, 16] })

describe('compiled functions in a browser', () => {
  test('run on a page that forbids code made from strings', () => {
    expect(() => new Function('return 1')).toThrow(EvalError)
  })

  test('a score network gives what it gives eagerly', async () => {
    const parameters = network.init(key(0))
    const score = (x: Tensor, t: Tensor): Tensor => network.apply(parameters, x, t)
    const compiled = compile(score, { executor })
    for (const batch of [5, 8]) {
      const [x, t] = [normal(key(1), [batch, 2]), uniform(key(2), [batch])]
      await expectNear(await compiled(x, t), score(x, t), TOLERANCE)
    }
    await compiled.dispose()
  })

  test('a training step keeps its variables in the runtime', async () => {
    const x = normal(key(3), [16, 2])
    const t = uniform(key(4), [16])
    const train = async (compiled: boolean) => {
      const parameters = Object.fromEntries(
        Object.entries(network.init(key(5))).map(([name, p]) => [name, variable(p)]),
      ) as Readonly<Record<string, Variable>>
      const step = compile(
        (x: Tensor, t: Tensor) => {
          const loss = (p: NamedTensors): Tensor => mean(square(sub(network.apply(p, x, t), x)))
          const { value, gradient } = valueAndGrad<NamedTensors, []>(loss)(parameters)
          for (const [name, p] of Object.entries(parameters)) p.assign(sub(p, mul(gradient[name]!, 0.1)))
          return value
        },
        compiled ? { executor } : {},
      )
      const losses: Tensor[] = []
      for (let i = 0; i < 5; i++) losses.push(await step(x, t))
      await step.pullVariables()
      await step.dispose()
      return [...losses, ...Object.values(parameters)]
    }
    const [eager, compiled] = [await train(false), await train(true)]
    for (const [i, wanted] of eager.entries()) await expectNear(compiled[i]!, wanted, TOLERANCE)
  })
})
