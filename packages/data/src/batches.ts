import {
  dispose,
  foldIn,
  gather,
  type Key,
  type NamedTensors,
  permutation,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import {
  checkFlags,
  checkFunctions,
  checkIntegers,
  checkKeys,
  checkTensors,
  expected,
  isTensor,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'

/** A data set whose rows can be asked for by number: a tensor in memory, a file, a folder of images. */
export interface RowSource<T> {
  /** Number of rows. */
  readonly length: number
  /**
   * The rows of the given numbers, in that order: fresh tensors, the caller's to dispose.
   *
   * @param epoch How often all rows have been gone through, for sources that alter their rows every time.
   */
  rows(indices: Int32Array, epoch: number): T | Promise<T>
}

/** Options of {@link batches}. */
export interface BatchOptions {
  /** Rows a batch, from 1 to the number of rows. */
  readonly size: number
  /** Of the order of the rows; every epoch has its own. */
  readonly key: Key
  /** Whether the rows are put in a random order, new for every epoch. @default true */
  readonly shuffle?: boolean
}

/** Endless batches by number: batch `step` depends on nothing but the data, the key and `step`, so that a run resumes anywhere. */
export interface Batches<T> {
  /** Batch 0, 1, …: a fresh tensor (or tensors), the caller's to dispose. */
  (step: number): Promise<T>
  /** Whole batches an epoch: the rows left over wait for another epoch's order. */
  readonly perEpoch: number
  /** The batches of epoch 0, 1, …, each the caller's to dispose. */
  epoch(index: number): AsyncGenerator<T, void, undefined>
}

/**
 * Cuts a data set into batches, reshuffled every epoch by a keyed permutation. What `train` takes as its data.
 *
 * @param data `[N, ...D]`; or named tensors that share N, such as images and labels; or a {@link RowSource}. Stays the caller's.
 * @throws RangeError when the size does not fit, or named tensors differ in their first axis. TypeError when an argument is of the
 * wrong kind.
 * @example
 * const points = twoMoons(key(0), 1000)
 * const data = batches(points, { size: 128, key: key(1) })
 * const x = await data(1000) // the same after a restart
 * x.shape // → [128, 2]
 */
export function batches<T extends Tensor | NamedTensors>(data: T, options: BatchOptions): Batches<T>
export function batches<T>(data: RowSource<T>, options: BatchOptions): Batches<T>
export function batches<T extends Tensor | NamedTensors>(
  data: T | RowSource<T>,
  options: BatchOptions,
): Batches<T> {
  return cut('batches', isRowSource(data) ? data : inMemory(data), options)
}

/** {@link batches} of a source, for messages of `where`. */
export function cut<T>(where: string, source: RowSource<T>, options: BatchOptions): Batches<T> {
  const { size, key, shuffle = true } = optionsOf(where, options, { size: true, key: true, shuffle: true })
  checkIntegers(where, { 'the number of rows': source.length })
  checkKeys(where, { key })
  checkFlags(where, { shuffle })
  if (!Number.isInteger(size) || size < 1 || size > source.length) {
    throw expected(where, `size to be an integer in [1, ${source.length}]`, size)
  }
  const perEpoch = Math.floor(source.length / size)
  const orderOf = remembering(async (epoch) => {
    if (!shuffle) return Int32Array.from({ length: source.length }, (_, i) => i)
    const order = permutation(foldIn(key, epoch), source.length)
    const values = (await order.data()) as Int32Array
    order.dispose()
    return values
  })
  const batch = async (step: number): Promise<T> => {
    if (!Number.isSafeInteger(step) || step < 0) throw expected(where, 'step to be an integer >= 0', step)
    const epoch = Math.floor(step / perEpoch)
    const order = await orderOf(epoch)
    const from = (step % perEpoch) * size
    return source.rows(order.slice(from, from + size), epoch)
  }
  async function* batchesFrom(step: number): AsyncGenerator<T, void, undefined> {
    for (let i = 0; i < perEpoch; i++) yield await batch(step + i)
  }
  const epoch = (index: number) => {
    checkIntegers(where, { epoch: index }, 0)
    return batchesFrom(index * perEpoch)
  }
  return Object.assign(batch, { perEpoch, epoch })
}

/** Options of {@link stream}. */
export interface StreamOptions {
  /** Rows a batch, >= 1. */
  readonly size: number
  /** Of all batches; each has its own. */
  readonly key: Key
}

/**
 * Endless fresh draws of a density, by number: batch `step` is `draw(foldIn(key, step), size)`.
 *
 * @param draw Makes so many points of a key.
 * @throws RangeError unless size is an integer >= 1.
 * @example
 * const data = stream(twoMoons, { size: 128, key: key(0) })
 * data(7).shape // → [128, 2]
 */
export function stream(
  draw: (key: Key, count: number) => Tensor,
  options: StreamOptions,
): (step: number) => Tensor {
  checkFunctions('stream', { draw })
  const { size, key } = optionsOf('stream', options, { size: true, key: true })
  checkIntegers('stream', { size })
  checkKeys('stream', { key })
  return (step) => {
    if (!Number.isSafeInteger(step) || step < 0) throw expected('stream', 'step to be an integer >= 0', step)
    return draw(foldIn(key, step), size)
  }
}

function inMemory<T extends Tensor | NamedTensors>(data: T): RowSource<T> {
  const named = isTensor(data)
    ? { data }
    : objectOf<NamedTensors>('batches', data, 'a tensor, tensors by name or a source of rows')
  checkTensors('batches', named)
  const parts = Object.values(named)
  const length = parts[0]?.shape[0]
  if (length === undefined || parts.some((part) => part.shape[0] !== length)) {
    throw expected('batches', 'tensors of one length', parts.map(({ shape }) => `[${shape}]`).join(' and '))
  }
  const rows = (indices: Int32Array): T => {
    const at = tensor(indices, [indices.length], 'int32')
    const pick = (part: Tensor): Tensor => gather(part, at)
    const picked = isTensor(data)
      ? pick(data)
      : Object.fromEntries(Object.entries(data as NamedTensors).map(([name, part]) => [name, pick(part)]))
    dispose(at)
    return picked as T
  }
  return { length, rows }
}

function isRowSource<T>(data: T | RowSource<T>): data is RowSource<T> {
  return typeof (data as Partial<RowSource<T>> | undefined)?.rows === 'function'
}

/** `make`, with the value of its latest argument kept. */
function remembering<T>(make: (argument: number) => Promise<T>): (argument: number) => Promise<T> {
  let latest: { argument: number; value: Promise<T> } | undefined
  return (argument) => {
    if (latest?.argument !== argument) latest = { argument, value: make(argument) }
    return latest.value
  }
}
