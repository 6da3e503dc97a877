import { clone, dispose, type NamedTensors, reshape, type Shape, type Tensor, transpose } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'
import { checkNoOthers, checkShapeOf } from './matched'

/** PyTorch's tensors under the names that one of our parameters may have there, the first that there is. */
export type TorchNames = (name: string) => readonly string[]

/**
 * Our parameters out of PyTorch's: convolutions from `[O, I, h, w]` to `[h, w, I, O]`, linear layers from `[O, I]` to
 * `[I, O]`. Fresh tensors, the caller's to dispose.
 *
 * @param ignored Names that are no parameters.
 * @throws RangeError when a parameter is missing or of another shape, or a tensor is left.
 */
export function fromTorch(
  where: string,
  shapes: Readonly<Record<string, Shape>>,
  tensors: NamedTensors,
  names: TorchNames,
  ignored: readonly string[] = [],
): NamedTensors {
  const left = new Set(Object.keys(tensors).filter((name) => !ignored.includes(name)))
  const made = new Map<string, Tensor>()
  try {
    for (const [name, shape] of Object.entries(shapes)) {
      const source = names(name).find((candidate) => left.has(candidate))
      if (source === undefined) throw expected(where, `a tensor ${names(name).join(' or ')}`, 'none')
      left.delete(source)
      const value = arranged(source, tensors[source]!, shape)
      made.set(name, value)
      checkShapeOf(where, `${source} for ${name}`, value.shape, shape)
    }
    checkNoOthers(where, [...left])
  } catch (error) {
    dispose([...made.values()])
    throw error
  }
  return Object.fromEntries(made)
}

function arranged(source: string, value: Tensor, shape: Shape): Tensor {
  if (value.shape.length === 4 && shape.length === 2)
    return transpose(reshape(value, value.shape.slice(0, 2)))
  if (value.shape.length === 4) return transpose(value, [2, 3, 1, 0])
  const matrix = value.shape.length === 2
  // DDPM's 1×1 layers, named W, are [inputs, outputs]; so are tables of embeddings.
  if (matrix && shape.length === 4) return reshape(value, [1, 1, ...value.shape])
  const turned =
    matrix && !source.endsWith('.W') && !/(class_embedding|embedding_table)\.weight$/.test(source)
  return turned ? transpose(value) : clone(value)
}

/** The longest axis of all tensors, from 1. */
export function longestOf(tensors: NamedTensors): number {
  return Object.values(tensors).reduce((most, { shape }) => Math.max(most, ...shape), 1)
}
