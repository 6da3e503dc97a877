import { expect, test } from 'vitest'
import { Recent } from './recent'

test('takes out what was used the longest ago', () => {
  const recent = new Recent<number>(2)
  expect(recent.makeRoom()).toEqual([])
  recent.add('a', 1)
  recent.add('b', 2)
  expect(recent.get('a')).toBe(1)
  expect(recent.makeRoom()).toEqual([2])
  recent.add('c', 3)
  expect(recent.get('b')).toBeUndefined()
  expect(recent.values()).toEqual([1, 3])
  expect(recent.clear()).toEqual([1, 3])
  expect(recent.makeRoom()).toEqual([])
})
