import { add, dispose, memory, mul, scalar, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { drive, read, repeat, type Steps, scope, wait } from './steps'

const value = async (x: Tensor): Promise<number> => (await x.data())[0]!
const later = async <T>(make: () => T): Promise<T> => {
  await new Promise((resolve) => setTimeout(resolve, 0))
  return make()
}

describe('drive', () => {
  it('frees all but the result, however many run at once', async () => {
    const x = scalar(2)
    function* twice(rounds: number): Steps<{ y: Tensor; seen: number }> {
      let y = mul(x, 1)
      for (let i = 0; i < rounds; i++) {
        add(y, 1)
        const asked = yield* wait(() => later(() => mul(x, 10)))
        y = add(y, asked)
      }
      return { y, seen: (yield* read(y))[0]! }
    }
    const ends = await expectNoLeaks(() => Promise.all([1, 3, 2].map((rounds) => drive(twice(rounds)))))
    expect(ends.map(({ seen }) => seen)).toEqual([22, 62, 42])
    expect(await Promise.all(ends.map(({ y }) => value(y)))).toEqual([22, 62, 42])
    dispose([x, ends])
  })

  it('hands an error of a task to the step that waits for it, and frees all', async () => {
    const x = scalar(1)
    const failing = () =>
      later(() => {
        throw new Error('no')
      })
    function* recovers(): Steps<number> {
      add(x, 1)
      try {
        yield* scope(function* () {
          add(x, 2)
          yield* wait(failing)
        })
      } catch (error) {
        return (error as Error).message.length
      }
      return 0
    }
    expect(await expectNoLeaks(() => drive(recovers()))).toBe(2)
    await expectNoLeaks(async () => {
      const steps = (function* (): Steps<void> {
        add(x, 1)
        yield* wait(failing)
      })()
      await expect(drive(steps)).rejects.toThrow('no')
    })
    dispose(x)
  })

  it('gives back what it was given as it is', async () => {
    const x = scalar(1)
    const steps = (function* (): Steps<Tensor> {
      return yield* scope(function* () {
        yield* read(add(x, 1))
        return x
      })
    })()
    expect(await expectNoLeaks(() => drive(steps))).toBe(x)
    expect(await value(x)).toBe(1)
    dispose(x)
  })
})

it('repeat keeps nothing of what is on the way', async () => {
  const start = tensor([1, 1])
  let most = 0
  const before = memory().tensors
  const steps = (function* (): Steps<Tensor> {
    return yield* repeat(
      start,
      (_, i) => i < 50,
      function* (x) {
        const grown = yield* wait(() => mul(x, 1.5))
        most = Math.max(most, memory().tensors - before)
        return add(mul(grown, 0.5), mul(x, 0.25))
      },
    )
  })()
  const end = await expectNoLeaks(() => drive(steps))
  expect(await value(end)).toBeCloseTo(1, 5)
  expect(most).toBeLessThan(10)
  dispose([start, end])
})
