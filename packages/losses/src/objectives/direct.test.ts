import { gaussian, type ScoreFunction } from '@sgm/score'
import { key, matMul, mean, mul, neg, normal, rademacher, sin, type Tensor, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { fisherDivergence } from '../fisher-divergence'
import { sphere } from '../probes'
import { explicit } from './explicit'
import { finiteDifferenceSliced } from './finite-difference-sliced'
import { implicit } from './implicit'
import { sliced } from './sliced'
import { slicedVarianceReduced } from './sliced-variance-reduced'

const matrix = [
  [-1, 0.5],
  [-0.25, -2],
]
/** s(x) = Ax, as rows: x Aᵀ. */
const linear: ScoreFunction = (x) =>
  matMul(
    x,
    tensor([
      [-1, -0.25],
      [0.5, -2],
    ]),
  )
const x = tensor([
  [1, 2],
  [-0.5, 3],
  [0, -1],
])
const points = [
  [1, 2],
  [-0.5, 3],
  [0, -1],
]
const apply = (v: number[]): number[] => matrix.map((row) => row[0]! * v[0]! + row[1]! * v[1]!)
const square = (v: number[]): number => v.reduce((s, a) => s + a * a, 0)

async function valuesOf(
  loss: ReturnType<typeof implicit>,
  score = linear,
  at: Tensor = x,
): Promise<number[]> {
  return [...(await loss.evaluate(score, at, loss.draw(key(1), at.shape)).data())]
}

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length)
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4)
}

describe('explicit', () => {
  it('is half the squared distance of the scores, and half the Fisher divergence', async () => {
    const exact = points.map((p) => square(apply(p).map((v, i) => v + p[i]!)) / 2)
    expectClose(await valuesOf(explicit()), exact)
    const divergence = fisherDivergence(linear, neg, x, tensor([0, 0, 0]))
    expectClose(
      [...(await divergence.data())],
      exact.map((v) => 2 * v),
    )
  })

  it('is zero at the truth', async () => {
    const truth = gaussian({ mean: [1, 0], covariance: [2, 3] }).score
    expect(await valuesOf(explicit({ truth }), truth)).toEqual([0, 0, 0])
  })
})

describe('implicit', () => {
  it('is tr A + ½‖Ax‖² of a linear score', async () => {
    expectClose(
      await valuesOf(implicit()),
      points.map((p) => -3 + square(apply(p)) / 2),
    )
  })

  it('is −d/2 at its optimum on N(0, I)', async () => {
    const n = 20_000
    for (const dims of [1, 2, 5]) {
      const [value] = await mean(
        implicit().evaluate(neg, normal(key(2), [n, dims]), implicit().draw(key(0), [n, dims])),
      ).data()
      // −d + ½‖x‖², and ‖x‖² has variance 2d.
      expect(Math.abs(value! + dims / 2)).toBeLessThan(4 * Math.sqrt(dims / 2 / n))
    }
  })
})

describe('sliced', () => {
  it('is vᵀAv + ½(vᵀAx)² for the directions drawn, averaged', async () => {
    const loss = sliced({ projections: 3, probe: normal })
    const draws = loss.draw(key(4), [3, 2])
    const v = await draws.probes!.data()
    const exact = points.map((p, row) => {
      const terms = [0, 1, 2].map((m) => {
        const probe = [v[6 * row + 2 * m]!, v[6 * row + 2 * m + 1]!]
        const dot = (a: number[], b: number[]): number => a[0]! * b[0]! + a[1]! * b[1]!
        return dot(probe, apply(probe)) + dot(probe, apply(p)) ** 2 / 2
      })
      return terms.reduce((a, b) => a + b) / 3
    })
    expectClose([...(await loss.evaluate(linear, x, draws).data())], exact)
  })

  it.each([
    ['rademacher', rademacher],
    ['normal', normal],
    ['sphere', sphere],
  ])('has the mean of the implicit objective for %s directions', async (_, probe) => {
    const n = 40_000
    const point = mul(tensor([[1, 2]]), tensor(Array.from({ length: n }, () => [1])))
    for (const loss of [sliced({ probe }), slicedVarianceReduced({ probe })]) {
      const values = await valuesOf(loss, linear, point)
      const average = values.reduce((a, b) => a + b) / n
      const spread = Math.sqrt(values.reduce((s, v) => s + (v - average) ** 2, 0) / n)
      const exact = -3 + square(apply([1, 2])) / 2
      expect(Math.abs(average - exact)).toBeLessThan(4 * (spread / Math.sqrt(n)) + 1e-4)
    }
  })

  it('with directions of unit length shrinks by 1/d: the trap', async () => {
    const unit: typeof sphere = (k, shape) => mul(sphere(k, shape), 1 / Math.sqrt(2))
    const whole = await valuesOf(sliced({ probe: sphere }))
    const shrunk = await valuesOf(sliced({ probe: unit }))
    // vᵀAv halves, (vᵀs)² halves: the loss is right but for a factor.
    expectClose(
      shrunk,
      whole.map((v) => v / 2),
    )
  })
})

describe('slicedVarianceReduced', () => {
  it('is exact in one direction for a diagonal Jacobian and signs', async () => {
    const score: ScoreFunction = (y) => sin(y)
    const exact = points.map((p) => p.reduce((s, v) => s + Math.cos(v) + Math.sin(v) ** 2 / 2, 0))
    expectClose(await valuesOf(slicedVarianceReduced(), score), exact)
  })
})

describe('finiteDifferenceSliced', () => {
  it('of a linear score is the variance-reduced sliced objective', async () => {
    const options = { probe: normal, projections: 2 }
    expectClose(
      await valuesOf(finiteDifferenceSliced(options)),
      await valuesOf(slicedVarianceReduced(options)),
    )
  })

  it('approaches it as ε²', async () => {
    const score: ScoreFunction = (y) => sin(mul(y, 1.5))
    const exact = await valuesOf(slicedVarianceReduced(), score)
    const errors = await Promise.all(
      [0.2, 0.1].map(async (step) => {
        const values = await valuesOf(finiteDifferenceSliced({ step }), score)
        return Math.sqrt(square(values.map((v, i) => v - exact[i]!)))
      }),
    )
    expect(Math.log2(errors[0]! / errors[1]!)).toBeGreaterThan(1.9)
    expect(Math.log2(errors[0]! / errors[1]!)).toBeLessThan(2.1)
  })
})
