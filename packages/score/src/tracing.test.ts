import { edm, rectifiedFlow, ve, vp } from '@sgm/sde'
import {
  compile,
  key,
  type NamedTensors,
  neg,
  normal,
  scalar,
  sumRows,
  type Tensor,
  tanh,
  tensor,
} from '@sgm/tensor'
import { reference } from '@sgm/tensor/compile'
import { describe, expect, it } from 'vitest'
import { scoreFromDdpm } from './discrete/ddpm'
import { scoreFromNcsn } from './discrete/ncsn'
import { ema } from './ema'
import { empirical } from './exact/empirical'
import { energyScore } from './exact/energy'
import { gaussianMixture } from './exact/gaussian-mixture'
import { classifierGuidance, labelLogLikelihood } from './guidance/classifier'
import { classifierFreeGuidance } from './guidance/classifier-free'
import { mlp } from './networks/mlp'
import { bind } from './networks/network'
import { gaussianFourier, levelTable, sinusoidal } from './networks/time-embedding'
import { edmPreconditioned } from './parametrisation/edm'
import * as predictions from './parametrisation/predictions'
import type { ScoreFunction } from './types'

const exact = gaussianMixture()
const network = mlp({ hidden: [8] })
const learned = bind(network, network.init(key(0)))
const classifier = mlp({ hidden: [8], outputs: 3 })
const logits = bind(classifier, classifier.init(key(1)))

const scores: Record<string, ScoreFunction> = {
  gaussianMixture: exact.diffused(vp()).score,
  empirical: empirical(normal(key(2), [10, 2]), ve()).score,
  energyScore: energyScore((x) => sumRows(tanh(x))),
  edmPreconditioned: edmPreconditioned(learned, edm()),
  scoreFromDdpm: scoreFromDdpm(learned, vp()),
  scoreFromNcsn: scoreFromNcsn(learned, ve(), { sigmas: [1, 0.5, 0.1] }),
  classifierFreeGuidance: classifierFreeGuidance(learned, exact.diffused(vp()).score),
  classifierGuidance: classifierGuidance(learned, (x, t) =>
    labelLogLikelihood(logits, tensor([0, 1, 2, 1, 0], [5], 'int32'))(x, t),
  ),
  ...Object.fromEntries(
    Object.entries(predictions).flatMap(([name, { toScore, fromScore }]) => [
      [`to ${name}`, fromScore(exact.diffused(rectifiedFlow()).score, rectifiedFlow())],
      [`from ${name}`, toScore(learned, rectifiedFlow())],
    ]),
  ),
}

const x = normal(key(3), [5, 2])
const t = tensor([0.1, 0.3, 0.5, 0.7, 0.9])

/** The traced graph runs the same kernels in the same order, so results are equal to the last bit or nearly. */
async function expectTraced<A extends readonly unknown[]>(
  f: (...args: A) => Tensor,
  ...args: A
): Promise<void> {
  const compiled = compile(f, { executor: reference() })
  const [eager, traced] = [await f(...args).data(), await (await compiled(...args)).data()]
  for (const [i, value] of eager.entries()) expect(traced[i]).toBeCloseTo(value, 5)
}

describe('tracing', () => {
  it.each(Object.entries(scores))('%s gives what it gives untraced', async (_, score) => {
    await expectTraced(score, x, t)
  })

  it.each(
    Object.entries({
      gaussianFourier: gaussianFourier(),
      sinusoidal: sinusoidal(),
      levelTable: levelTable(),
    }),
  )('a network told its time by %s takes its parameters as inputs', async (_, time) => {
    const conditional = mlp({ time, hidden: [6] })
    const indices = tensor([0, 1, 2, 3, 4])
    await expectTraced(
      (p: NamedTensors, y: Tensor, s: Tensor) => conditional.apply(p, y, s),
      conditional.init(key(4)),
      x,
      indices,
    )
  })

  it('ema takes its decay as an input', async () => {
    const { update } = ema()
    const step = (a: NamedTensors, b: NamedTensors, decay: Tensor): Tensor => update(a, b, decay).w!
    const [average, fresh] = [{ w: x }, { w: neg(x) }]
    const compiled = compile(step, { executor: reference() })
    for (const decay of [0.9, 0.1]) {
      const traced = await (await compiled(average, fresh, scalar(decay))).data()
      const wanted = Array.from(await x.data(), (v) => v * (2 * decay - 1))
      for (const [i, value] of wanted.entries()) expect(traced[i]).toBeCloseTo(value, 5)
    }
  })
})
