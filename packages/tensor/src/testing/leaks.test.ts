import { describe, expect, it } from 'vitest'
import { add, mul, scalar, type Tensor, tidy } from '..'
import { expectNoLeaks } from './leaks'

describe('expectNoLeaks', () => {
  it('gives back the result of a function that frees what it made', () => {
    const x = scalar(3)
    const y = expectNoLeaks(() => tidy(() => add(mul(x, x), 1)))
    expect(y.shape).toEqual([])
    expect(expectNoLeaks(() => ({ old: x, many: [y, y] })).many[0]).toBe(y)
    x.dispose()
    y.dispose()
  })

  it('names the count and the bytes of what was left', () => {
    const left: Tensor[] = []
    expect(() =>
      expectNoLeaks(() => {
        left.push(scalar(1), scalar(2))
        return scalar(3)
      }),
    ).toThrow(/2 leaked \(12 bytes/)
    expect(left).toHaveLength(2)
  })

  it('waits for a promise', async () => {
    const x = await expectNoLeaks(async () => scalar(1))
    await expect(
      expectNoLeaks(async () => {
        await x.data()
        scalar(2)
      }),
    ).rejects.toThrow('1 leaked')
  })

  it('fails when an argument was freed', () => {
    const x = scalar(1)
    expect(() => expectNoLeaks(() => x.dispose())).toThrow('1 freed that it did not make')
  })
})
