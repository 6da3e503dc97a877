import { onnx } from '@sgm/backend-onnx'
import {
  blurOperator,
  fourierOperator,
  greyOperator,
  type ImageShape,
  kSpaceMask,
  leastSquares,
  maskOperator,
  motionKernel,
  piGdm,
  poolingOperator,
  radonOperator,
  randomRowsOperator,
} from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { compile, full, key, normal, type Tensor, tensor } from '@sgm/tensor'
import { expect, it } from 'vitest'

const executor = onnx({ threads: 1 })
const shape: ImageShape = [7, 7, 3]
const mask = Array.from({ length: 49 }, (_, i) => i % 2)

it.each([
  ['a mask', maskOperator(mask, shape)],
  ['grey', greyOperator(shape)],
  ['pooling', poolingOperator(shape, 2)],
  ['a blur', blurOperator(shape, motionKernel({ length: 4, angle: 60 }))],
  ['k-space', fourierOperator(shape, kSpaceMask([7, 7], { key: key(0), acceleration: 2 }))],
  ['views', radonOperator(shape, { views: 5 })],
  ['random rows', randomRowsOperator(shape, { key: key(1), rows: 20 })],
])('%s measures, and guides, compiled as it does eagerly', async (_, operator) => {
  const process = vp()
  const { score } = gaussian({ mean: new Array<number>(147).fill(0.1), covariance: 0.5 }).diffused(process)
  const x = normal(key(2), [2, ...shape])
  const y = normal(key(3), [2, ...operator.codomain])
  const guided = piGdm(process, score, { operator, observation: y, noise: 0.1 })
  const all = (a: Tensor, b: Tensor, t: Tensor): readonly Tensor[] => [
    operator.apply(a),
    operator.adjoint(b),
    leastSquares(operator, b, full([2], 0.1), { iterations: 3 }),
    guided(a, t),
  ]
  const compiled = compile(all, { executor })
  const t = tensor([0.4, 0.7])
  const [got, wanted] = [await compiled(x, y, t), all(x, y, t)]
  for (const [i, value] of wanted.entries()) {
    const [found, right] = [await got[i]!.data(), await value.data()]
    const least = Math.max(...right.map(Math.abs))
    for (const [j, v] of right.entries()) expect(Math.abs(found[j]! - v)).toBeLessThan(1e-3 * least)
  }
  await compiled.dispose()
})
