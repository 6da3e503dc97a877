import { deserialize, dispose, type NamedTensors, serialize } from '@sgm/tensor'
import { checkBytes, checkStrings, objectOf } from '@sgm/tensor/check'
import { shapesOf } from '../networks/network'
import type { Network } from '../types'
import { checkParameters } from './matched'

/**
 * A network's parameters as a safetensors file, under their own names.
 *
 * @param parameters All of the network's, by name.
 * @param metadata Strings to keep beside them.
 * @throws RangeError unless names and shapes are the network's.
 * @example
 * const network = mlp({ dims: 2 })
 * const bytes = await saveWeights(network, network.init(key(0)), {
 *   steps: '1000',
 * })
 * await writeFile('weights.safetensors', bytes)
 */
export async function saveWeights(
  network: Network,
  parameters: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  for (const [name, text] of Object.entries(objectOf('saveWeights', metadata, 'metadata: strings by name'))) {
    checkStrings('saveWeights', { [`metadata ${name}`]: text })
  }
  checkParameters('saveWeights', shapesOf('saveWeights', network), parameters)
  return serialize(parameters, metadata)
}

/**
 * A network's parameters from a safetensors file that {@link saveWeights} wrote, the caller's to dispose.
 *
 * @param bytes Of a file that {@link saveWeights} wrote.
 * @throws RangeError when the file is damaged, or its names or shapes are not the network's; nothing is left in memory
 * then.
 * @example
 * const network = mlp({ dims: 2 })
 * const bytes = await saveWeights(network, network.init(key(0)))
 * const score = bind(network, loadWeights(network, bytes))
 */
export function loadWeights(network: Network, bytes: Uint8Array | ArrayBuffer): NamedTensors {
  const shapes = shapesOf('loadWeights', network)
  checkBytes('loadWeights', { bytes })
  const { tensors } = deserialize(bytes)
  try {
    checkParameters('loadWeights', shapes, tensors)
  } catch (error) {
    dispose(tensors)
    throw error
  }
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, tensors[name]!]))
}
