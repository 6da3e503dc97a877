import { key, mul, normal, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dit } from './dit'
import { countParameters } from './network'

describe('dit', () => {
  it.each([
    ['S', {}, 33],
    ['B', { width: 768, heads: 12 }, 130],
    ['L', { width: 1024, depth: 24, heads: 16 }, 458],
    ['XL', { width: 1152, depth: 28, heads: 16 }, 675],
  ])('has the published millions of parameters: %s', (_, options, millions) => {
    // Peebles and Xie 2023, table 4, in the latent space of 4 channels and with 1000 classes.
    const count = countParameters(dit({ ...options, channels: 4, classes: 1000 }))
    expect(Math.round(count / 1e6)).toBe(millions)
  })

  const small = { size: 8, channels: 2, width: 16, depth: 2, heads: 4, classes: 3 }

  it('starts at zero, whatever it is shown', async () => {
    const network = dit(small)
    const [parameters, x, t] = [network.init(key(0)), normal(key(1), [2, 8, 8, 2]), tensor([0.2, 0.9])]
    const y = expectNoLeaks(() => network.apply(parameters, x, t))
    expect([...(await y.data())].every((v) => v === 0)).toBe(true)
  })

  it('is told where a patch lies, the time and the class', async () => {
    const network = dit(small)
    // Away from zero, where modulations and the last layer are.
    const parameters = Object.fromEntries(
      Object.entries(network.shapes).map(([name, shape], i) => [name, mul(normal(key(i), shape), 0.3)]),
    )
    const one = await normal(key(1), [1, 2, 2, 2]).data()
    const tiled = tensor(
      Array.from({ length: 128 }, (_, i) => one[(Math.floor(i / 16) % 2) * 4 + (i % 4)]!),
      [1, 8, 8, 2],
    )
    const at = async (t: number, label: number) =>
      network.apply(parameters, tiled, tensor([t]), tensor([label], [1], 'int32')).data()
    const [y, later, other] = [await at(0.3, 0), await at(0.4, 0), await at(0.3, 1)]
    expect(y[0]).not.toBeCloseTo(y[4]!, 3)
    expect(y[0]).not.toBeCloseTo(y[32]!, 3)
    expect(y[0]).not.toBeCloseTo(later[0]!, 3)
    expect(y[0]).not.toBeCloseTo(other[0]!, 3)
  })

  it.each([
    [{ size: 9 }, 'dit: expected size to be a multiple of 2, got 9'],
    [{ width: 18 }, 'dit: expected width to be a multiple of 4, got 18'],
    [{ width: 16, heads: 3 }, 'dit: expected width to be a multiple of 3 heads, got 16'],
    [{ depth: 0 }, 'dit: expected depth to be an integer >= 1, got 0'],
    [{ timeScale: 0 }, 'dit: expected timeScale > 0, got 0'],
  ])('refuses %o', (options, message) => {
    expect(() => dit(options)).toThrow(message)
  })
})
