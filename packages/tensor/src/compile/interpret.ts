import * as tf from '@tensorflow/tfjs'
import { stretched } from '../ops/nothing'
import { raw, wrap } from '../tf'
import type { Tensor } from '../types'
import type { Graph, Node } from './graph'
import { needed } from './rewrite'
import type { Value } from './value'

/**
 * Runs a graph's nodes one by one on the current backend: the meaning every executor is held to. `known` gives the tensors of
 * inputs and variables; constants are made here. Returns the wanted values; all else is freed.
 */
export function interpret(
  graph: Pick<Graph, 'constants' | 'nodes'>,
  known: ReadonlyMap<number, Tensor>,
  wanted: readonly Value[],
): Tensor[] {
  return tf
    .tidy(() => {
      const tensors = new Map<number, tf.Tensor>([...known].map(([id, x]) => [id, raw(x)]))
      for (const { value, data } of graph.constants) {
        tensors.set(value.id, tf.tensor(data, [...value.shape], value.dtype))
      }
      for (const node of needed(graph.nodes, wanted)) {
        const outputs = runNode(node, tensors)
        node.outputs.forEach((value, i) => {
          tensors.set(value.id, outputs[i]!)
        })
      }
      return wanted.map(({ id }) => tf.clone(tensors.get(id)!))
    })
    .map(wrap)
}

function runNode(node: Node, tensors: ReadonlyMap<number, tf.Tensor>): tf.Tensor[] {
  const inputs = Object.fromEntries(
    Object.entries<Value>(node.inputs).map(([name, { id }]) => [name, operand(node, tensors.get(id)!)]),
  )
  const listed = '0' in inputs ? Object.values(inputs) : inputs
  const result: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(node.kernel, listed as unknown as tf.NamedTensorMap, node.attributes as tf.NamedAttrMap)
  return Array.isArray(result) ? result : [result]
}

/** In graphs Select repeats its operands as binary kernels do; tfjs's takes them in one shape only. */
function operand({ kernel, outputs }: Node, x: tf.Tensor): tf.Tensor {
  return kernel === 'Select' ? stretched(x, outputs[0]!.shape) : x
}
