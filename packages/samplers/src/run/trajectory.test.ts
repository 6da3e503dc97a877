import { type LinearSDE, uniformGrid } from '@sgm/sde'
import { add, dispose, full, key, mul, neg, normal, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { eulerMaruyama } from '../samplers/euler-maruyama'
import type { Problem, Sampler } from '../types'
import { sample, trajectory } from './trajectory'

/** dx = √2 dw on [0, 1] with prior N(0, 4 I): marginal N(x₀, 2t I). */
const brownian: LinearSDE = {
  interval: [0, 1],
  cutOffs: { train: 0, sample: 0.125, likelihood: 0 },
  grid: uniformGrid(),
  drift: () => 0,
  diffusion: () => Math.SQRT2,
  marginal: (t) => ({ alpha: 1, sigma: Math.sqrt(2 * t) }),
  marginalAt: (t) => ({ alpha: t, sigma: t }),
  prior: {
    sigma: 2,
    sample: (source, shape) => {
      const z = normal(source, shape)
      const x = mul(z, 2)
      z.dispose()
      return x
    },
    logDensity: (x) => x,
  },
}

/** Leaves an intermediate tensor behind, as plain tensor code does. */
const problem: Problem = { process: brownian, score: (x) => neg(mul(x, 0.5)) }

/** Adds the step's length and counts in its state; its mean is −1. */
const adder: Sampler<LinearSDE, Tensor> = {
  name: 'adder',
  order: 1,
  *step({ score }, { x, t, s, state = full([x.shape[0]!], 0) }) {
    yield* score(x, state)
    return { x: add(x, t - s), state: add(state, 1), mean: full(x.shape, -1), stats: { h: t - s } }
  },
}

const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data())

describe('trajectory', () => {
  it('gives the start, every step and the end, with time, index and evaluations', async () => {
    const x = tensor([[1], [2]])
    const seen: unknown[] = []
    await expectNoLeaks(async () => {
      for await (const point of trajectory({ ...problem, score: (x) => mul(x, 1) }, adder, {
        key: key(0),
        x,
        times: [1, 0.5, 0.25],
        denoise: 'none',
      })) {
        seen.push([point.index, point.t, point.evaluations, point.stats.h, await values(point.x)])
      }
    })
    expect(seen).toEqual([
      [0, 1, 0, undefined, [1, 2]],
      [1, 0.5, 1, 0.5, [1.5, 2.5]],
      [2, 0.25, 2, 0.25, [1.75, 2.75]],
    ])
    expect(await values(x)).toEqual([1, 2])
    dispose(x)
  })

  it('runs by default from the end of the interval to the cut-off, on the grid of the process', async () => {
    const times: number[] = []
    for await (const { t } of trajectory(problem, adder, { key: key(0), shape: [1, 1], steps: 7 }))
      times.push(t)
    expect(times).toEqual([1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125])
  })

  it('ends by the mean of the last step, the posterior mean, or neither', async () => {
    const x = tensor([[3]])
    const end = async (denoise: 'none' | 'mean' | 'tweedie') => {
      let evaluations = 0
      const out = await expectNoLeaks(() =>
        sample({ ...problem, score: (x) => mul(x, -0.5) }, adder, {
          key: key(0),
          x,
          steps: 1,
          denoise,
          onProgress: (progress) => {
            evaluations = progress.evaluations
          },
        }),
      )
      const [value] = await values(out)
      dispose(out)
      return [value, evaluations]
    }
    expect(await end('none')).toEqual([3.875, 1])
    expect(await end('mean')).toEqual([-1, 1])
    expect(await end('tweedie')).toEqual([3.875 * (1 - 0.25 * 0.5), 2])
    dispose(x)
  })

  it('gives the same samples from the same key at any batch size', async () => {
    const run = async (batch: number, seed: number) => {
      const x = await sample(problem, eulerMaruyama(), { key: key(seed), shape: [batch, 3], steps: 5 })
      const all = await values(x)
      dispose(x)
      return all
    }
    const five = await run(5, 1)
    expect(five.slice(0, 6)).toEqual(await run(2, 1))
    expect(five).not.toEqual(await run(5, 2))
    expect(new Set(five).size).toBe(15)
  })

  it('frees all when the loop is left', async () => {
    await expectNoLeaks(async () => {
      for await (const { index } of trajectory(problem, eulerMaruyama(), { key: key(0), shape: [2, 2] })) {
        if (index === 2) break
      }
    })
  })

  it('frees all and throws the reason at an abort, between evaluations too', async () => {
    for (const at of [1, 3]) {
      const abort = new AbortController()
      let calls = 0
      const score = async (x: Tensor) => {
        if (++calls === at) abort.abort(new Error('enough'))
        return mul(x, -1)
      }
      await expectNoLeaks(async () => {
        await expect(
          sample({ ...problem, score }, eulerMaruyama(), {
            key: key(0),
            shape: [2, 2],
            signal: abort.signal,
          }),
        ).rejects.toThrow('enough')
      })
      expect(calls).toBe(at)
    }
  })

  it('frees all when the score throws, at once or later, or has a wrong shape', async () => {
    const failing = [
      (x: Tensor) => {
        mul(x, 2)
        throw new Error('no score')
      },
      async () => {
        throw new Error('no score')
      },
      () => full([1], 0),
    ]
    for (const [i, score] of failing.entries()) {
      await expectNoLeaks(async () => {
        await expect(
          sample({ ...problem, score }, eulerMaruyama(), { key: key(0), shape: [2, 2] }),
        ).rejects.toThrow(i < 2 ? 'no score' : 'score: expected an output of shape [2, 2], got [1]')
      })
    }
  })

  it('frees all and throws at once at an abort while a score is pending, and frees what comes after', async () => {
    const abort = new AbortController()
    let answer = (): void => {}
    const score = (x: Tensor) => {
      setTimeout(() => abort.abort(new Error('enough')), 0)
      return new Promise<Tensor>((resolve) => {
        answer = () => resolve(full(x.shape, 1))
      })
    }
    await expectNoLeaks(async () => {
      const run = sample({ ...problem, score }, eulerMaruyama(), {
        key: key(0),
        shape: [2, 2],
        signal: abort.signal,
      })
      await expect(run).rejects.toThrow('enough')
      answer()
      await new Promise((resolve) => setTimeout(resolve, 0))
    })
  })

  it('stops at the first step that is not finite, by its number and time, unless told not to look', async () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      let calls = 0
      const score = (x: Tensor) => (++calls === 3 ? full(x.shape, bad) : mul(x, -1))
      const options = { key: key(0), shape: [2, 2], times: [1, 0.75, 0.5, 0.375, 0.125] }
      await expectNoLeaks(async () => {
        await expect(sample({ ...problem, score }, eulerMaruyama(), options)).rejects.toThrow(
          'sample: expected x to stay finite, got NaN or infinity after step 3 of 4, at time 0.375',
        )
      })
      expect(calls).toBe(3)
      const x = await sample({ ...problem, score: (x) => full(x.shape, bad) }, eulerMaruyama(), {
        ...options,
        finite: false,
      })
      expect((await values(x)).some(Number.isFinite)).toBe(false)
      dispose(x)
    }
    const x = tensor([[1], [Number.NaN]])
    await expect(sample(problem, adder, { key: key(0), x })).rejects.toThrow('at the start, at time 1')
    dispose(x)
  })

  it('names what a score of the wrong kind is', async () => {
    const wrong: [unknown, string][] = [
      [undefined, 'score: expected a tensor, got undefined'],
      [[[1, 1]], 'score: expected a tensor, got'],
      [3, 'score: expected a tensor, got 3'],
    ]
    const start = { key: key(0), shape: [1, 2] }
    const run = (score: unknown) =>
      sample({ ...problem, score: score as Problem['score'] }, eulerMaruyama(), start)
    for (const [value, message] of wrong) {
      await expect(run(() => value)).rejects.toThrow(message)
      await expect(run(async () => value)).rejects.toThrow(message)
    }
    await expectNoLeaks(async () => {
      await expect(run(() => tensor([[1, 2]], [1, 2], 'int32'))).rejects.toThrow(
        'score: expected a float32 tensor, got int32',
      )
      const disposing = (x: Tensor): Tensor => {
        const value = neg(x)
        x.dispose()
        return value
      }
      const message = 'score: expected what it is given to stay in memory, got a score that disposes it'
      await expect(sample({ ...problem, score: disposing }, eulerMaruyama(), start)).rejects.toThrow(message)
    })
  })

  it('lets timers in during a long run', async () => {
    let fired = false
    setTimeout(() => {
      fired = true
    }, 0)
    for await (const _ of trajectory(problem, eulerMaruyama(), {
      key: key(0),
      shape: [1, 1],
      steps: 100_000,
    })) {
      if (fired) break
    }
    expect(fired).toBe(true)
  })

  it('checks its options before any work', () => {
    const x = tensor([[1]])
    const start = { key: key(0), shape: [1, 1] }
    const bad: [object, string][] = [
      [{ shape: [1, 1] }, 'options.key to be a key, as key(seed) makes it, got undefined'],
      [{ key: key(0) }, 'options.x or options.shape, one of them, got neither'],
      [{ ...start, x }, 'options.x or options.shape, one of them, got both'],
      [{ ...start, shape: [1, 0.5] }, 'a shape [B, ...D] of integers >= 1, got [1, 0.5]'],
      [{ ...start, shape: [] }, 'a shape [B, ...D] of integers >= 1, got []'],
      [{ ...start, steps: 0 }, 'steps to be an integer >= 1, got 0'],
      [{ ...start, steps: 2.5 }, 'steps to be an integer >= 1, got 2.5'],
      [{ ...start, end: Number.NaN }, 'end to be finite, got NaN'],
      [{ key: key(0), x, start: Number.POSITIVE_INFINITY }, 'start to be finite, got Infinity'],
      [
        { ...start, start: 0.5 },
        'options.x for a run that does not start at the prior of a process, got a shape',
      ],
      [{ ...start, times: [1] }, 'at least two times, got 1'],
      [{ ...start, times: [1, 0.2, 0.3, 0.1] }, 'times that rise or fall throughout, got 0.2 then 0.3'],
      [{ ...start, denoise: 'yes' }, "denoise to be 'none' or 'mean' or 'tweedie', got 'yes'"],
    ]
    for (const [options, message] of bad) {
      expect(() => trajectory(problem, adder, options as never)).toThrow(`trajectory: expected ${message}`)
    }
    dispose(x)
  })
})
