import { scalar, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { ema } from './ema'

describe('ema', () => {
  it('after n updates by a constant has forgotten all but decayⁿ of its start', async () => {
    const { init, decayAt, update } = ema({ decay: 0.9, warmUp: false })
    const parameters = { w: tensor([3, 3]) }
    let average = init({ w: tensor([1, -1]) })
    for (let n = 1; n <= 20; n++) average = update(average, parameters, decayAt(n))
    await expectNear(average.w!, [3 - 2 * 0.9 ** 20, 3 - 4 * 0.9 ** 20])
  })

  it('warms up as (1 + n)/(10 + n) until that passes the decay', () => {
    const { decayAt } = ema({ decay: 0.999 })
    expect(decayAt(1)).toBeCloseTo(2 / 11, 12)
    expect(decayAt(90)).toBeCloseTo(0.91, 12)
    expect(decayAt(100_000)).toBe(0.999)
    expect(ema({ decay: 0.999, warmUp: false }).decayAt(1)).toBe(0.999)
  })

  // Karras et al. 2024, section 3.1: widths of 5 % and 10 % are powers of 16.97 and 6.94.
  it.each([
    [0.05, 16.97],
    [0.1, 6.94],
  ])('weighs updates by a power whose width is %d of all', (width, power) => {
    const { decayAt } = ema({ width })
    expect(decayAt(1)).toBe(0)
    expect(Math.log(decayAt(1000)) / Math.log(0.999) - 1).toBeCloseTo(power, 2)
    let weights: number[] = []
    for (let n = 1; n <= 2000; n++) weights = [...weights.map((w) => w * decayAt(n)), 1 - decayAt(n)]
    const moment = (f: (share: number) => number) =>
      weights.reduce((sum, w, i) => sum + w * f((i + 1) / 2000), 0)
    const mean = moment((share) => share)
    expect(moment(() => 1)).toBeCloseTo(1, 10)
    expect(Math.sqrt(moment((share) => (share - mean) ** 2))).toBeCloseTo(width, 3)
  })

  it('leaves what does not change exactly as it is', async () => {
    const frozen = tensor([0.1, 1e-7, 12345.67])
    const { update } = ema()
    const after = update({ frozen }, { frozen }, 0.9)
    expect([...(await after.frozen!.data())]).toEqual([...(await frozen.data())])
  })

  it('copies at the start, takes the decay as a tensor and leaks nothing', async () => {
    const { init, update } = ema()
    const parameters = { a: tensor([1]), b: tensor([[2]]) }
    const average = expectNoLeaks(() => init(parameters))
    parameters.a.dispose()
    await expectNear(average.a!, [1])
    const [fresh, half] = [{ a: tensor([5]), b: tensor([[2]]) }, scalar(0.5)]
    const next = expectNoLeaks(() => update(average, fresh, half))
    await expectNear(next.a!, [3])
  })

  it('refuses a decay outside [0, 1) and an average of other parameters', () => {
    expect(() => ema({ decay: 1 })).toThrow('ema: expected decay in [0, 1), got 1')
    expect(() => ema().update({}, { w: tensor([1]) }, 0.5)).toThrow('ema: expected an average of w, got none')
    expect(() => ema({ width: 0.3 })).toThrow('ema: expected width in (0, 1/√12), got 0.3')
    expect(() => ema({ width: 0 })).toThrow('ema: expected width in (0, 1/√12), got 0')
    expect(() => ema({ width: 0.1, decay: 0.9 })).toThrow('ema: expected a decay or a width, got both')
    const inherited = { toString: tensor([1]) }
    expect(() => ema().update({}, inherited, 0.5)).toThrow('ema: expected an average of toString, got none')
  })
})
