import type { Loss } from '@sgm/losses'
import * as losses from '@sgm/losses'
import { gaussian, mlp, type ScoreFunction } from '@sgm/score'
import { vp } from '@sgm/sde'
import {
  add,
  compile,
  dispose,
  div,
  foldIn,
  key,
  mean,
  mul,
  type NamedTensors,
  normal,
  reshape,
  type Tensor,
  tensor,
  tidy,
  valueAndGrad,
} from '@sgm/tensor'
import { reference } from '@sgm/tensor/compile'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { labelled, trueLogits } from './labelled.ts'
import { isInNode, losses as lossesInNode } from './on-webgpu.ts'
import { camelCase, lossSources, sharedLossSources } from './sources.ts'

type Factory = (options?: Record<string, unknown>) => Loss
const all = Object.entries(lossSources).map(([file, source]) => ({ name: camelCase(file), source }))

/** Its marginals at a tensor of times are replaced by those that are asked about. */
const anyProcess = vp()

const target = gaussian({
  mean: [0.4, -0.3],
  covariance: [
    [0.6, 0.2],
    [0.2, 0.3],
  ],
})

/** The loss without options; where it must be told the truth, with the target's, and where labels, with some of its own. */
function lossOf(name: string): Loss {
  const factory = (losses as unknown as Record<string, Factory>)[name]!
  if (name === 'noisyClassification') return labelled(factory())
  return name === 'explicit' ? factory({ truth: target.score }) : factory()
}

/** What is to be learned at the noise levels that a batch was given, whatever the loss calls its times: the target's exact score, or its labels' logits. */
function truthAt(name: string, draws: NamedTensors): ScoreFunction {
  if (!draws.alphas) return target.score
  // The target's covariance is 0.7 along the labels' axis.
  if (name === 'noisyClassification') return trueLogits({ mean: [0.4, -0.3], variance: 0.7 }, draws)
  const level = (x: Tensor, alpha: Tensor, sigma: Tensor): Tensor =>
    target.diffused({ ...anyProcess, marginalAt: () => ({ alpha, sigma }) }).score(x, alpha)
  return (x, t) =>
    t === draws.startTimes
      ? level(x, draws.startAlphas!, draws.startSigmas!)
      : level(x, draws.alphas!, draws.sigmas!)
}

interface Minimiser {
  /** How far from the truth it lies. */
  readonly offset: number
  /** Standard error of the offset. */
  readonly error: number
}

/**
 * Of the loss as a function of (a, b₁, b₂), the score being a·truth + b/σ (b, where there is no σ): where a Newton step
 * from the truth (1, 0, 0) leads, one number at a time. The loss is quadratic in each, so that this is the minimiser.
 */
async function minimisers(name: string, loss: Loss): Promise<Minimiser[]> {
  const batches = 16
  const rows: { slope: number; curvature: number }[][] = []
  for (let i = 0; i < batches; i++) {
    const batchKey = foldIn(key(11), i)
    const x = target.sample(foldIn(batchKey, 0), 512)
    const draws = loss.draw(foldIn(batchKey, 1), [512, 2])
    const truth = truthAt(name, draws)
    const slopesAt = async (a: number, b: number): Promise<number[]> => {
      const gradient = tidy(() => {
        const objective = ({ scale, shift }: NamedTensors): Tensor => {
          const score: ScoreFunction = (y, t) => {
            const sigma = t === draws.startTimes ? draws.startSigmas : draws.sigmas
            const offset = sigma ? div(shift!, reshape(sigma, [-1, 1])) : shift!
            return add(mul(truth(y, t), scale!), offset)
          }
          return mean(loss.evaluate(score, x, draws))
        }
        return valueAndGrad<NamedTensors, []>(objective)({ scale: tensor([a]), shift: tensor([b, b]) })
          .gradient
      })
      const slopes = [...(await gradient.scale!.data()), ...(await gradient.shift!.data())]
      dispose(gradient)
      return slopes
    }
    const here = await slopesAt(1, 0)
    const [beyond, beside] = [await slopesAt(2, 0), await slopesAt(1, 1)]
    rows.push(here.map((slope, k) => ({ slope, curvature: (k === 0 ? beyond : beside)[k]! - slope })))
    dispose([x, draws])
  }
  return [0, 1, 2].map((k) => {
    const average = (f: (row: { slope: number; curvature: number }) => number): number =>
      rows.reduce((s, row) => s + f(row[k]!), 0) / batches
    const slope = average((row) => row.slope)
    const curvature = average((row) => row.curvature)
    const variance = average((row) => (row.slope - slope) ** 2) / (batches - 1)
    expect(curvature).toBeGreaterThan(0)
    return { offset: -slope / curvature, error: Math.sqrt(variance) / curvature }
  })
}

const network = mlp({ hidden: [8, 8] })
const bound =
  (parameters: NamedTensors): ScoreFunction =>
  (x, t) =>
    network.apply(parameters, x, t)
const shape = [8, 2] as const

describe.each(all)('$name', ({ name, source }) => {
  const loss = lossOf(name)

  it('is least at the true score', async () => {
    for (const { offset, error } of await minimisers(name, loss)) {
      // Five standard errors of 16 batches, and float32's share where the slope is exactly zero.
      expect(Math.abs(offset)).toBeLessThanOrEqual(5 * error + 1e-5)
      expect(error).toBeLessThan(0.08)
    }
  })

  it('has parameter gradients that agree with finite differences', async () => {
    const parameters = network.init(key(1))
    const x = target.sample(key(2), 8)
    const draws = loss.draw(key(3), shape)
    const objective = (p: NamedTensors): Tensor => mean(loss.evaluate(bound(p), x, draws))
    const { value, gradient } = valueAndGrad<NamedTensors, []>(objective)(parameters)
    const names = Object.keys(parameters)
    const [level] = await value.data()
    const slopes = await Promise.all(names.map(async (n) => Array.from(await gradient[n]!.data())))
    const norm = Math.sqrt(slopes.reduce((s, values) => s + values.reduce((t, v) => t + v * v, 0), 0))
    const random = await Promise.all(
      names.map(
        async (n, i) => (await normal(foldIn(key(4), i), [parameters[n]!.size]).data()) as Float32Array,
      ),
    )
    const length = Math.sqrt(random.reduce((s, values) => s + values.reduce((t, v) => t + v * v, 0), 0))
    const directions = [
      slopes.map((d) => Array.from(d, (v) => v / norm)),
      random.map((d) => Array.from(d, (v) => v / length)),
    ]
    for (const direction of directions) {
      const exact = direction.reduce((s, d, i) => s + d.reduce((t, v, j) => t + v * slopes[i]![j]!, 0), 0)
      const along = async (h: number): Promise<number> => {
        const moved = names.map((n, i) => [
          n,
          add(parameters[n]!, mul(tensor(direction[i]!, parameters[n]!.shape), h)),
        ])
        return (await objective(Object.fromEntries(moved)).data())[0]!
      }
      const measured = ((await along(0.01)) - (await along(-0.01))) / 0.02
      // Truncation is h²/6 of the third derivative, of the order of the gradient; rounding is 1e-7 of the value over h.
      expect(Math.abs(measured - exact)).toBeLessThan(2e-3 * norm + 3e-5 * Math.abs(level!))
    }
  })

  it('draws row i by (key, i) alone and evaluates it by itself', async () => {
    const parameters = network.init(key(5))
    const many = loss.draw(key(6), [8, 2])
    const few = loss.draw(key(6), [3, 2])
    expect(isInNode(expect.getState().currentTestName)).toBe(lossesInNode.includes(name))
    for (const n of Object.keys(many)) {
      expect(many[n]!.shape[0]).toBe(8)
      const part = few[n]!.size
      expect([...(await many[n]!.data()).subarray(0, part)]).toEqual([...(await few[n]!.data())])
    }
    const x = target.sample(key(7), 8)
    const values = await loss.evaluate(bound(parameters), x, many).data()
    const firsts = await loss.evaluate(bound(parameters), target.sample(key(7), 3), few).data()
    expect(values.length).toBe(8)
    for (const [i, value] of [...firsts].entries()) {
      expect(Math.abs(values[i]! - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)))
    }
    const other = loss.draw(key(8), [8, 2])
    const random = Object.keys(many).filter((n) => /noise|probes/i.test(n))
    for (const n of random) expect([...(await other[n]!.data())]).not.toEqual([...(await many[n]!.data())])
  })

  it('takes rows of any shape', async () => {
    const parameters = network.init(key(5))
    const x = target.sample(key(7), 4)
    const flat = await loss.evaluate(bound(parameters), x, loss.draw(key(9), [4, 2])).data()
    const image = loss.evaluate(bound(parameters), reshape(x, [4, 1, 2, 1]), loss.draw(key(9), [4, 1, 2, 1]))
    expect(image.shape).toEqual([4])
    for (const [i, value] of [...(await image.data())].entries()) {
      expect(Math.abs(value - flat[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(value)))
    }
  })

  it('compiles with its gradient: draws enter as inputs', async () => {
    const step = (p: NamedTensors, x: Tensor, draws: NamedTensors) => {
      const objective = (q: NamedTensors): Tensor => mean(loss.evaluate(bound(q), x, draws))
      return valueAndGrad<NamedTensors, []>(objective)(p)
    }
    const compiled = compile(step, { executor: reference() })
    const parameters = network.init(key(1))
    for (const seed of [3, 4]) {
      const x = target.sample(key(seed), 8)
      const draws = loss.draw(key(seed), shape)
      const [eager, traced] = [step(parameters, x, draws), await compiled(parameters, x, draws)]
      for (const [n, g] of Object.entries({ ...eager.gradient, value: eager.value })) {
        const wanted = await g.data()
        const got = await (n === 'value' ? traced.value : traced.gradient[n]!).data()
        for (const [i, v] of wanted.entries()) {
          expect(Math.abs(got[i]! - v)).toBeLessThan(1e-5 * (1 + Math.abs(v)))
        }
      }
    }
  })

  it('leaves no tensor behind', () => {
    const parameters = network.init(key(1))
    const x = target.sample(key(2), 8)
    const draws = expectNoLeaks(() => loss.draw(key(3), shape))
    expectNoLeaks(() => loss.evaluate(bound(parameters), x, draws))
  })

  it('refuses numeric options that are no numbers', () => {
    const shared = source.includes('SlicedOptions') ? sharedLossSources['sliced-options']! : ''
    const options = [...(source + shared).matchAll(/readonly (\w+)\?: number$/gm)].map(
      ([, option]) => option!,
    )
    const factory = (losses as unknown as Record<string, Factory>)[name]!
    for (const option of options) {
      expect(() => factory({ [option]: Number.NaN }), option).toThrow(
        new RegExp(`^${name}: expected .*${option}.*, got NaN$`),
      )
    }
  })
})

it('finds the losses', () => {
  expect(all.length).toBeGreaterThanOrEqual(11)
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(lossesInNode))
})
