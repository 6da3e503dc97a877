import { deserialize, dispose, type NamedTensors, type Shape, serialize } from '@sgm/tensor'
import type { Network } from '../types'
import { checkParameters } from './matched'

/**
 * A network's parameters as a safetensors file, under their own names.
 *
 * @param metadata Strings to keep beside them.
 * @throws RangeError unless names and shapes are the network's.
 */
export async function saveWeights(
  network: Network,
  parameters: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkParameters('saveWeights', network.shapes, parameters)
  return serialize(parameters, metadata)
}

/**
 * A network's parameters from a safetensors file that {@link saveWeights} wrote, the caller's to dispose.
 *
 * @throws RangeError when the file is damaged, or its names or shapes are not the network's; nothing is left in memory
 * then.
 */
export function loadWeights(network: Network, bytes: Uint8Array | ArrayBuffer): NamedTensors {
  const { tensors } = deserialize(bytes)
  try {
    checkParameters('loadWeights', network.shapes, tensors)
  } catch (error) {
    dispose(tensors)
    throw error
  }
  return inOrder(network.shapes, tensors)
}

const inOrder = (shapes: Readonly<Record<string, Shape>>, tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.keys(shapes).map((name) => [name, tensors[name]!]))
