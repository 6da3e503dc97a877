import { describe, expect, it } from 'vitest'
import { dispose, memory } from './memory'
import { add, mul, ones, square } from './ops'
import { scoped, settle } from './scoped'
import { expectNoLeaks } from './testing'

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

describe('scoped', () => {
  it('frees what it was told to own, but for what it returns', async () => {
    const x = ones([2])
    const { y } = await expectNoLeaks(() =>
      scoped(async (own) => {
        const a = own(square(x))
        await tick()
        const b = own({ inner: [mul(a, 2)] })
        return { y: own(add(a, b.inner[0]!)) }
      }),
    )
    expect(Array.from(await y.data())).toEqual([3, 3])
    dispose([x, y])
  })

  it('frees all of it when the function throws', async () => {
    const x = ones([2])
    await expectNoLeaks(async () => {
      const failing = scoped(async (own) => {
        own(square(x))
        await tick()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
    })
    dispose(x)
  })

  it('leaves the tensors of a scope that runs at the same time', async () => {
    const before = memory().tensors
    const run = (wait: number) =>
      scoped(async (own) => {
        const x = own(ones([2]))
        for (let i = 0; i < wait; i++) await tick()
        return (await own(mul(x, wait)).data())[0]
      })
    expect(await Promise.all([run(3), run(1), run(2)])).toEqual([3, 1, 2])
    expect(memory().tensors).toBe(before)
  })
})

describe('settle', () => {
  it('frees the temporaries of a synchronous function, at an error too', async () => {
    const x = ones([2])
    const y = await expectNoLeaks(() => settle(() => mul(square(x), 2)))
    expect(Array.from(await y.data())).toEqual([2, 2])
    await expectNoLeaks(async () => {
      const failing = settle(() => {
        square(x)
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
    })
    dispose([x, y])
  })

  it('leaves an asynchronous function what it made before its first await', async () => {
    const x = ones([2])
    const y = await expectNoLeaks(() =>
      settle(async () => {
        const a = square(x)
        await tick()
        const result = mul(a, 3)
        a.dispose()
        return result
      }),
    )
    expect(Array.from(await y.data())).toEqual([3, 3])
    dispose([x, y])
  })
})
