import { describe, expect, test } from 'vitest'
import { add, mul, tensor } from '../ops'
import { choice, foldIn, type Key, key, normal, permutation, rademacher, split, uniform } from '../random'
import { uniformValues } from '../random/uniform-values'
import type { Tensor } from '../types'
import { compile } from './compile'
import { reference } from './reference'

const executor = reference()

const everyKind = (source: Key) => {
  const [first, second] = split(source)
  return {
    normal: normal(first, [3, 2]),
    other: normal(second, [3, 2]),
    uniform: uniform(foldIn(first, 7), [4], { low: -1, high: 2 }),
    signs: rademacher(second, [2, 3]),
    choice: choice(first, [1, 0, 3], [5]),
    permutation: permutation(second, 6),
  }
}

describe('draws in a compiled function', () => {
  test('are those of the key given at each call', async () => {
    const compiled = compile((source: Key) => everyKind(source), { executor })
    for (const seed of [0, 1, 2 ** 40]) {
      const [got, wanted] = [await compiled(key(seed)), everyKind(key(seed))]
      for (const [name, x] of Object.entries(wanted)) {
        const result = got[name as keyof typeof wanted]
        expect(result.dtype).toBe(x.dtype)
        expect([...(await result.data())], name).toEqual([...(await x.data())])
      }
    }
  })

  test('come from keys at any depth of the arguments, beside tensors', async () => {
    const f = (x: Tensor, { keys }: { keys: Key[] }) => add(x, mul(normal(keys[1]!, [2]), 3))
    const compiled = compile(f, { executor })
    const x = tensor([1, 2])
    const keys = [key(3), key(4)]
    expect([...(await (await compiled(x, { keys })).data())]).toEqual([...(await f(x, { keys }).data())])
  })

  test('give keys back', async () => {
    const f = (source: Key) => ({ x: normal(source, [1]), next: foldIn(source, 9), fixed: key(5) })
    const compiled = compile(f, { executor })
    for (const seed of [1, 2]) {
      const { next, fixed } = await compiled(key(seed))
      expect(next.words).toEqual(foldIn(key(seed), 9).words)
      expect(fixed.words).toEqual(key(5).words)
    }
  })

  test('from another key are an error that says what to do', async () => {
    const baked = compile((x: Tensor) => add(x, normal(key(0), [1])), { executor })
    await expect(baked(tensor([1]))).rejects.toThrow(
      /^compile: expected normal to draw from a key among the arguments.*draws\.test.*pass the key in/,
    )
  })

  test('read on the host are an error', async () => {
    const host = compile((source: Key) => tensor(uniformValues(source, 2)), { executor })
    await expect(host(key(0))).rejects.toThrow(/read a key's words on the host/)
  })

  test('refuse what they refuse outside', async () => {
    const wrong = compile((source: Key) => uniform(source, [2], { low: 1, high: 0 }), { executor })
    await expect(wrong(key(0))).rejects.toThrow(/^uniform: expected finite float32 bounds, low < high/)
  })
})
