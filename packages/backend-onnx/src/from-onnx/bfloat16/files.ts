import { expected } from '@sgm/tensor'
import { readBeside, readModel } from '#platform'
import type { ExternalData } from '../../runtime'
import { modelWidened } from './model'
import { type Files, WIDE, widened } from './tensor'

/** A model in the form in which ONNX Runtime has it whole. */
export interface Whole {
  readonly source: Uint8Array
  readonly externalData: ExternalData
}

/**
 * A model with bfloat16 as one of float32, its files read: ONNX Runtime has no tensors of bfloat16 in JavaScript, and few operators on them.
 *
 * @returns Nothing where the model has no bfloat16, or is no model.
 * @throws RangeError when a file that it names is not there.
 */
export async function withoutBfloat16(
  where: string,
  source: Uint8Array | string,
  given: ExternalData = [],
): Promise<Whole | undefined> {
  const files: Files = { widened: [], kept: new Set() }
  const bytes = typeof source === 'string' ? await readModel(source) : source
  const model = widenedOrNone(bytes, files)
  if (!model) return undefined
  const read = async (path: string): Promise<Uint8Array> => {
    const data = given.find((file) => file.path === path)?.data
    if (data instanceof Uint8Array) return data
    if (data !== undefined) return readModel(data)
    if (typeof source !== 'string') throw expected(where, `externalData ${path}`, 'none')
    return readBeside(source, path)
  }
  const open = new Map<string, Uint8Array>()
  for (const path of new Set([...files.kept, ...files.widened.map(({ file }) => file)])) {
    open.set(path, await read(path))
  }
  const kept = [...files.kept].map((path) => ({ path, data: open.get(path)! }))
  const wide = files.widened.length > 0 ? [{ path: WIDE, data: wideFile(files, open) }] : []
  return { source: model, externalData: [...kept, ...wide] }
}

function widenedOrNone(bytes: Uint8Array, files: Files): Uint8Array | undefined {
  try {
    return modelWidened(bytes, files)
  } catch {
    // ONNX Runtime has its own words for what is no model.
    return undefined
  }
}

/** The tensors that were in files as bfloat16, one after another. */
function wideFile({ widened: spans }: Files, open: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const whole = new Uint8Array(spans.reduce((sum, { length }) => sum + 2 * length, 0))
  let at = 0
  for (const { file, offset, length } of spans) {
    whole.set(widened(open.get(file)!.subarray(offset, offset + length)), at)
    at += 2 * length
  }
  return whole
}
