import { expect, it, vi } from 'vitest'
import { checkLinearSde, vp } from './index'

it('looks at a process that is right once, for weightings are asked for every row', () => {
  const marginal = vi.fn(vp().marginal)
  const process = { ...vp(), marginal }
  checkLinearSde('mine', process)
  const looks = marginal.mock.calls.length
  expect(looks).toBeGreaterThan(0)
  checkLinearSde('other', process)
  expect(marginal).toHaveBeenCalledTimes(looks)
})

it('refuses one that is wrong every time', () => {
  const process = { ...vp(), diffusion: () => 'much' }
  for (const where of ['mine', 'other']) {
    expect(() => checkLinearSde(where, process)).toThrow(
      `${where}: expected process.diffusion(t) to be a number`,
    )
  }
})
