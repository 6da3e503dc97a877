import { callOf, type Fresh, type Graph, type Node, sizeOf, type Value } from '@sgm/tensor/compile'
import { depthwiseFilterTerm, depthwiseTermsShape } from '../kernels/depthwise'
import { type Call, callOfNode, type Work } from './call'
import { rewritten } from './rewrite'
import type { Tuning } from './tuning'

/** The calls of a graph, in order, those that need several written as several. */
export function callsOf(graph: Graph, fresh: Fresh, tuning: Tuning): Call[] {
  return rewritten(graph.nodes, fresh).flatMap((node) =>
    node.kernel === 'DepthwiseConv2dNativeBackpropFilter'
      ? depthwiseFilter(node, fresh)
      : adapted(callOfNode(node), fresh, tuning),
  )
}

/** A depthwise filter's gradient: the sum over all places of what each adds. */
function depthwiseFilter(node: Node<'DepthwiseConv2dNativeBackpropFilter'>, fresh: Fresh): Call[] {
  const { dy, x } = node.inputs
  const terms = fresh(depthwiseTermsShape(dy, node.attributes.filterShape), dy)
  return [
    {
      name: node.kernel,
      inputs: [x, dy],
      outputs: [terms],
      work: { kind: 'view', element: (reader, _output, at) => depthwiseFilterTerm(reader, node, at) },
    },
    sumOver(terms, node.outputs[0]!),
  ]
}

function adapted(call: Call, fresh: Fresh, tuning: Tuning): Call[] {
  const { work } = call
  if (work.kind === 'fold') return [foldsNothing(call) ? elementwise(call, work) : call]
  if (work.kind === 'product') return inParts(call, work, fresh, tuning)
  return [call]
}

/** Whether a fold is of one element each. */
const foldsNothing = ({ inputs, outputs }: Call): boolean =>
  sizeOf(inputs[0]!.shape) === sizeOf(outputs[0]!.shape)

/** A fold of one element each works element by element. */
function elementwise(call: Call, { folding }: Extract<Work, { kind: 'fold' }>): Call {
  return {
    ...call,
    work: {
      kind: 'pointwise',
      expression(w, [x]) {
        if (folding.better) return '0'
        const total = folding.step(w, folding.first(w), x!)
        return folding.last ? folding.last(w, total, '1u') : total
      },
    },
  }
}

/** A product of few tiles but many terms is cut along those, so that it keeps more of the device busy; a sum puts it together. */
function inParts(call: Call, work: Extract<Work, { kind: 'product' }>, fresh: Fresh, tuning: Tuning): Call[] {
  const { batch, rows, columns, inner } = work.product
  const tiles = batch * Math.ceil(rows / tuning.product.rows) * Math.ceil(columns / tuning.product.columns)
  const splits = Math.min(Math.floor(tuning.busy / tiles), Math.floor(inner / tuning.leastInner))
  if (splits < 2) return [call]
  const [output] = call.outputs as readonly [Value]
  const parts = fresh([splits, ...output.shape], output)
  return [{ ...call, outputs: [parts], work: { ...work, splits } }, sumOver(parts, output)]
}

/** The sum over the first axis. */
function sumOver(x: Value, output: Value): Call {
  return callOfNode(callOf('Sum', { x }, { axis: 0, keepDims: false }, output))
}
