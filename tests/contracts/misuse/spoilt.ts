import { cast, full, ones, type Tensor, tensor } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import { shown } from './wrong'

/** What the functions of a caller throw: it is to come out as it is. */
export const theirs = new Error("the caller's own")

/** What functions of a caller do that are not as asked: they throw, reject, or give what is nothing like it, or nearly. */
const functions: readonly (() => unknown)[] = [
  function throws() {
    throw theirs
  },
  function rejects() {
    const rejected = Promise.reject(theirs)
    // Where a promise is refused, nobody is left to await it.
    rejected.catch(() => {})
    return rejected
  },
  ...[null, 1, '3', [], {}, ones([7]), tensor([1, 2, 3], [3], 'int32'), full([3, 2], Number.NaN)].map(giving),
]

function giving(value: unknown): () => unknown {
  return Object.defineProperty(() => value, 'name', { value: `that gives ${shown(value)}` })
}

/** Neighbours of what works: they come further into a function than what is nothing like it. */
export function spoilt(good: unknown): readonly unknown[] {
  if (isTensor(good)) return tensorsLike(good)
  if (typeof good === 'number') return [String(good), [good], -good]
  if (typeof good === 'function') return functions
  if (Array.isArray(good)) return [good.slice(1), [...good, ...good], good.map(String)]
  return []
}

const made = new Map<Tensor, readonly unknown[]>()

/** The same without a row, of other types, without numbers, and not there yet. */
function tensorsLike(x: Tensor): readonly unknown[] {
  const known = made.get(x)
  if (known) return known
  const fresh = [
    ones([0, ...x.shape.slice(1)]),
    cast(x, 'int32'),
    cast(x, 'bool'),
    full(x.shape, Number.NaN),
    Promise.resolve(x),
  ]
  made.set(x, fresh)
  return fresh
}
