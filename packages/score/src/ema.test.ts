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
    const inherited = { toString: tensor([1]) }
    expect(() => ema().update({}, inherited, 0.5)).toThrow('ema: expected an average of toString, got none')
  })
})
