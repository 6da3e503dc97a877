import { describe, expect, expectTypeOf, it } from 'vitest'
import { add, collect, dispose, keep, memory, mul, scalar, type Tensor, tensorsIn, tidy, variable } from '.'
import { expectNoLeaks } from './testing'

describe('variable', () => {
  it.each(['toString', 'constructor', '__proto__'])('may be called %s, once', async (name) => {
    const x = scalar(3)
    const one = variable(x, name)
    expect(await one.data()).toEqual(Float32Array.of(3))
    expect(() => variable(x, name)).toThrow(
      `variable: expected a name that no other variable has, got ${name}`,
    )
    dispose(one)
    dispose([x, variable(x, name)])
  })
})

describe('tidy', () => {
  it('keeps what is returned, inside arrays and objects, and frees the rest', async () => {
    const made = expectNoLeaks(() =>
      tidy(() => {
        const two = add(scalar(1), 1)
        return { list: [two, mul(two, two)], nothing: null, count: 2 }
      }),
    )
    expectTypeOf(made.list).toEqualTypeOf<Tensor[]>()
    expect((await made.list[1]!.data())[0]).toBe(4)
    dispose(made)
  })

  it('frees everything when the function throws', () => {
    expectNoLeaks(() => {
      expect(() =>
        tidy((): Tensor => {
          add(scalar(1), 1)
          throw new Error('stop')
        }),
      ).toThrow('stop')
    })
  })

  it('refuses a function that returns a promise, by type and at run time, and leaves nothing', () => {
    expectNoLeaks(() => {
      // @ts-expect-error a Promise cannot be tidied
      const asynchronous = () => tidy(async () => scalar(1))
      expect(asynchronous).toThrow(
        new TypeError('tidy: expected a synchronous function, got one that returns a Promise'),
      )
    })
  })

  it('lets no rejection of a refused promise escape', () => {
    // @ts-expect-error a Promise cannot be tidied
    expect(() => tidy(() => Promise.reject(new Error('unheard')))).toThrow(TypeError)
  })

  it('spares kept tensors', () => {
    const before = memory().tensors
    const kept = tidy(() => ({ kept: [keep(scalar(1))] }).kept[0]!.shape && memory().tensors) - before
    expect(kept).toBe(1)
    expect(memory().tensors).toBe(before + 1)
  })
})

describe('dispose', () => {
  it('frees a tree and tolerates a second call', () => {
    expectNoLeaks(() => {
      const tree = { a: scalar(1), rest: [scalar(2), { b: scalar(3) }] }
      expect(tensorsIn(tree)).toHaveLength(3)
      dispose(tree)
      dispose(tree)
    })
  })
})

describe('collect', () => {
  it('gives back what a function leaves alive, whatever scope it runs in', () => {
    const one = scalar(1)
    expectNoLeaks(() => {
      const { result, made } = tidy(() =>
        collect(() => {
          mul(one, 3).dispose()
          const two = add(one, 1)
          return { two, square: tidy(() => mul(add(two, 0), two)) }
        }),
      )
      expect(made).toEqual([result.two, result.square])
      expect(made.every((x) => 'isDisposed' in x && !x.isDisposed)).toBe(true)
      dispose(made)
    })
    dispose(one)
  })

  it('frees all of it when the function throws', () => {
    expectNoLeaks(() => {
      const failing = () =>
        collect(() => {
          add(scalar(1), 1)
          throw new Error('stop')
        })
      expect(failing).toThrow('stop')
    })
  })
})
