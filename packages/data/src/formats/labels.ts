import { expected, formatShape } from '@sgm/tensor/check'
import { gunzip, gunzipStart, isGzip } from './gzip'
import { idxHeader, isIdx } from './idx'
import { isNpy, npyArray } from './npy'
import { type ByteSource, memorySource, readAll } from './source'

/** Class labels of an IDX file of bytes or a `.npy` file of integers, `[N]` or `[N, 1]`, gzipped or not. */
export async function readLabels(
  where: string,
  source: ByteSource,
  limit: number,
): Promise<ArrayLike<number>> {
  const bytes = await readAll(where, source, limit)
  if (isGzip(bytes)) {
    const start = gunzipStart(where, source.name, bytes, limit)
    const head = await start.read([0], 16)
    if (isIdx(head)) await idxHeader(where, start)
    else if (!isNpy(head)) throw unknown(where, source.name)
    const content = gunzip(where, source.name, bytes, limit)
    return readLabels(where, memorySource(content, source.name), limit)
  }
  if (isIdx(bytes)) {
    const { shape, type, first } = await idxHeader(where, source)
    if (type !== 8 || shape.length !== 1) {
      throw expected(where, `${source.name} to hold one byte a label`, `shape ${formatShape(shape)}`)
    }
    return bytes.subarray(first)
  }
  if (isNpy(bytes)) return npyLabels(where, source)
  throw unknown(where, source.name)
}

function unknown(where: string, name: string): RangeError {
  return expected(where, `${name} to be an IDX or .npy file of labels`, 'other bytes')
}

/** The labels of an array of integers, `[N]` or `[N, 1]`. */
export async function npyLabels(where: string, source: ByteSource): Promise<ArrayLike<number>> {
  const { shape, values } = await npyArray(where, source)
  const column = shape.length === 1 || (shape.length === 2 && shape[1] === 1)
  if (!column || values instanceof Float32Array || values instanceof Float64Array) {
    throw expected(where, `${source.name} to be integers [N] or [N, 1]`, formatShape(shape))
  }
  return values instanceof Uint8Array ? values : Array.from(values, Number)
}
