import { describe, expect, test } from 'vitest'
import { compile, grad, isTensor, mul, type Tensor, tensor, tensorsIn } from '.'
import { reference } from './compile'
import { takeApart } from './tree'

const number = (x: unknown) => (typeof x === 'number' ? 'n' : undefined)

describe('takeApart', () => {
  test('finds the leaves in order and puts others in their place', () => {
    const tree = { a: [1, { b: 2 }], c: undefined, d: null, e: 3 }
    const { leaves, rebuild } = takeApart<number>('test', 'numbers', tree, number)
    expect(leaves).toEqual([1, 2, 3])
    expect(rebuild(['x', 'y', 'z'])).toEqual({ a: ['x', { b: 'y' }], c: undefined, d: null, e: 'z' })
  })

  test('gives trees of other structure another name', () => {
    const trees = [1, [1], [[1]], { a: 1 }, { b: 1 }, [1, 2], [1, null], { 'a:n,b': 1 }, { a: 1, b: 2 }]
    const names = trees.map((tree) => takeApart('test', 'numbers', tree, number).structure)
    expect(new Set(names).size).toBe(trees.length)
  })

  test('takes what stands twice, and refuses what contains itself or is none of what is expected', () => {
    const twice = { a: 1 }
    expect(takeApart('test', 'numbers', [twice, twice], number).leaves).toEqual([1, 1])
    const ring: unknown[] = []
    ring.push({ ring })
    expect(() => takeApart('test', 'numbers', ring, number)).toThrow(
      'test: expected numbers, none inside itself, got a tree that contains itself',
    )
    for (const bad of ['a', new Map(), () => {}, Symbol('s')]) {
      expect(() => takeApart('test', 'numbers', [bad], number)).toThrow('test: expected numbers, got')
    }
  })
})

test('tensorsIn passes over all else, rings too', () => {
  const x = tensor([1])
  const ring: Record<string, unknown> = { x, more: [x, 'text', new Float32Array(2), null] }
  ring.self = ring
  expect(tensorsIn(ring)).toEqual([x])
  expect([x, { data: 1, shape: [] }, null, undefined, 'x'].map(isTensor)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})

test('arguments that contain themselves are refused by compile and grad', async () => {
  const ring: unknown[] = [tensor([1])]
  ring.push(ring)
  const call = compile((x: Tensor) => x, { executor: reference() })
  await expect(call(ring as never)).rejects.toThrow(/^compile: arguments: expected tensors, keys/)
  expect(() => grad((x: Tensor) => mul(x, 2))(ring as never)).toThrow(
    /^grad: expected tensors to differentiate by/,
  )
})
