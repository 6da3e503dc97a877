import { elementType } from '../../proto'
import { changed, inside, type Rules, replaced, textOf } from './fields'
import { BFLOAT16, type Files, tensorWidened } from './tensor'

/** Attributes that are element types. */
const TYPES = ['to', 'dtype', 'output_dtype', 'stash_type']
const [NAME, INTEGER] = [1, 3]

/**
 * A model that computes in float32 where it had bfloat16: its inputs, outputs, constants and the types that its operators name. What bfloat16 holds
 * float32 holds exactly.
 *
 * @param files What the model has in files is put there.
 * @returns Nothing where the model has no bfloat16.
 * @throws Error when the bytes are no model.
 */
export function modelWidened(bytes: Uint8Array, files: Files): Uint8Array | undefined {
  const type = replaced(BFLOAT16, elementType.float32)
  const message = (rules: Rules) => inside((bytes) => changed(bytes, rules))
  // Numbers of fields are those of onnx.proto3, in the order of its messages.
  const typed: Rules = { 1: type }
  const kind = inside((bytes) => changed(bytes, kinds))
  const kinds: Rules = {
    1: message(typed),
    4: message({ 1: kind }),
    5: message({ 2: kind }),
    8: message(typed),
    9: message({ 1: kind }),
  }
  const tensor = inside((bytes) => tensorWidened(bytes, files))
  const sparse = message({ 1: tensor, 2: tensor })
  const value = message({ 2: kind })
  const graph = inside((bytes) => changed(bytes, graphs))
  const attribute = inside((bytes) => {
    const own = { 5: tensor, 6: graph, 10: tensor, 11: graph, 14: kind, 15: kind, 22: sparse, 23: sparse }
    return changed(bytes, TYPES.includes(textOf(bytes, NAME)) ? { ...own, [INTEGER]: type } : own)
  })
  const node = message({ 5: attribute })
  const graphs: Rules = { 1: node, 5: tensor, 11: value, 12: value, 13: value, 15: sparse }
  const result = changed(bytes, { 7: graph, 25: message({ 7: node, 11: attribute, 12: value }) })
  return same(result, bytes) ? undefined : result
}

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
