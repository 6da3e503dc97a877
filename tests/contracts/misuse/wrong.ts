import { ones, tensor } from '@sgm/tensor'

const cyclicList: unknown[] = []
cyclicList.push(cyclicList)
const cyclicObject: Record<string, unknown> = {}
cyclicObject.x = cyclicObject
cyclicObject.mean = cyclicObject

const disposed = ones([2])
disposed.dispose()

/** What nobody means to hand over, and some of what they may. */
export const wrongValues: readonly unknown[] = [
  undefined,
  null,
  true,
  Number.NaN,
  -1,
  0.5,
  2 ** 53,
  Number.POSITIVE_INFINITY,
  10n,
  '',
  '3',
  'constructor',
  Symbol('s'),
  [],
  [null],
  [Number.NaN, -1],
  cyclicList,
  {},
  cyclicObject,
  Object.create(null),
  new Date(0),
  () => null,
  () => 'x',
  Promise.resolve(1),
  new Float32Array(3),
  ones([]),
  ones([0, 3]),
  ones([2, 1, 1, 1, 1]),
  tensor([1, 2], [2], 'int32'),
  tensor([1, 0], [2], 'bool'),
  tensor([[1, Number.NaN]]),
  disposed,
]

/** Those that tell most, for what lies deeper. */
export const few: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  -1,
  '3',
  [],
  {},
  () => null,
  ones([0, 3]),
]

/** A value as a message of the test shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (value === cyclicList) return 'a list inside itself'
  if (value === cyclicObject) return 'an object inside itself'
  if (value === disposed) return 'a disposed tensor'
  if (typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value) {
    return `a tensor ${String(value.dtype)} [${String(value.shape)}]`
  }
  if (typeof value === 'function') return value.name ? `a function ${value.name}` : String(value)
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{${Object.keys(value).join(', ')}}`
  return typeof value === 'bigint' ? `${value}n` : String(value)
}
