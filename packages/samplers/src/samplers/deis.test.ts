import { gaussian } from '@sgm/score'
import { edm, karrasGrid } from '@sgm/sde'
import { dispose, key, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import { measuredOrder } from '../testing/quantile-flow'
import { deis } from './deis'

describe('deis', () => {
  it.each([
    { order: 1, variable: 'time', steps: 16 },
    { order: 2, variable: 'time', steps: 32 },
    { order: 3, variable: 'time', steps: 32 },
    { order: 4, variable: 'time', steps: 32 },
    { order: 1, variable: 'logSnr', steps: 16 },
    { order: 2, variable: 'logSnr', steps: 16 },
    { order: 3, variable: 'logSnr', steps: 16 },
    { order: 4, variable: 'logSnr', steps: 16 },
  ] as const)('is of order $order in $variable on the exact map of a mixture', async (option) => {
    const { order, variable, steps } = option
    const sampler = deis({ order, variable })
    expect(sampler.order).toBe(order)
    expect(Math.abs((await measuredOrder(sampler, steps)) - order)).toBeLessThan(0.35)
  })

  it.each(['time', 'logSnr', 'rho'] as const)('steps to where there is no noise, in %s', async (variable) => {
    const process = edm()
    const { score } = gaussian({ mean: [0.5], covariance: 0.25 }).diffused(process)
    const x = tensor([[80], [-40]])
    const times = [...karrasGrid()(process, { steps: 60 }), 0]
    const y = await sample({ process, score }, deis({ variable }), { key: key(0), x, times })
    const values = await y.data()
    for (const [i, start] of [80, -40].entries()) {
      expect(values[i]).toBeCloseTo(0.5 + ((start - 0.5) * 0.5) / Math.sqrt(80 ** 2 + 0.25), 2)
    }
    dispose([x, y])
  })
})
