import type { Executor } from '@sgm/tensor'
import { executorContract } from '@sgm/tensor/testing'
import { test } from 'vitest'
import { inParts } from './blocks'
import { onnx } from './index'

/** The executor, made to work on one row of the batch after the other where a graph allows it. */
function rowByRow({ name, load }: Executor): Executor {
  return {
    name,
    load: (graph, variables) => load(inParts(graph, graph.inputs[0]!.shape[0]!) ?? graph, variables),
  }
}

const checks = executorContract(rowByRow(onnx({ threads: 1 }))).filter(({ name }) => /^random/.test(name))

test.each(checks.map(({ name, run }) => [name, run] as const))('row by row, %s', (_, run) => run())
