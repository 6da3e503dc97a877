import { deserialize, dispose, type NamedTensors, type Shape, serialize } from '@sgm/tensor'
import { expectedType } from '@sgm/tensor/check'
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
  checkParameters('saveWeights', shapesOf('saveWeights', network), parameters)
  return serialize(parameters, metadata)
}

/**
 * A network's parameters from a safetensors file that {@link saveWeights} wrote, the caller's to dispose.
 *
 * @throws RangeError when the file is damaged, or its names or shapes are not the network's; nothing is left in memory
 * then.
 */
export function loadWeights(network: Network, bytes: Uint8Array | ArrayBuffer): NamedTensors {
  const shapes = shapesOf('loadWeights', network)
  const { tensors } = deserialize(bytes)
  try {
    checkParameters('loadWeights', shapes, tensors)
  } catch (error) {
    dispose(tensors)
    throw error
  }
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, tensors[name]!]))
}

/** The shapes of a network's parameters. @throws TypeError where it tells none. */
export function shapesOf(where: string, network: Network): Readonly<Record<string, Shape>> {
  if (typeof network?.shapes !== 'object')
    throw expectedType(where, 'a network that tells its shapes', network)
  return network.shapes
}
