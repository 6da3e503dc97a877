import type { Node, Value } from '@sgm/tensor/compile'
import { identity } from '../../layout'
import { addUp } from '../sums'
import { eitherWay, type Finder, type Reading } from './merge'

/**
 * p ∘ (g − Σ p ∘ g) with weights p and g = dy vᵀ, the gradient of attention p v by what the softmax p is of: the sums are those of dy ∘ (p v), of fewer
 * numbers (Dao et al. 2022, section 3.1), and go into the product as one more term.
 */
export const softmaxGradient: Finder = (node, reading) => {
  if (node.kernel !== 'Sub') return undefined
  const { a: weighted, b: mean } = node.inputs
  const scaled = reading.maker(mean)
  if (scaled?.kernel !== 'Multiply') return undefined
  for (const [sum, weights] of eitherWay(scaled)) {
    const total = reading.maker(sum)
    if (!isRowSum(total, weighted)) continue
    const product = reading.maker(weighted)
    if (product?.kernel !== 'Multiply') continue
    const [g] = eitherWay(product).flatMap(([g, p]) => (p.id === weights.id ? [g] : []))
    const made = g && reading.maker(g)
    if (made?.kernel !== 'BatchMatMul') continue
    const { a: dy, b: values } = made.inputs
    const mixed = attended(reading, made, weights)
    if (!mixed || weights.shape.at(-1)! < dy.shape.at(-1)!) continue
    return {
      inner: [made, product, total!, scaled],
      pays: (context) => context.isPlaced(mixed),
      write(context, output) {
        const { builder } = context
        const rank = output.shape.length
        const last = rank - 1
        const gradient = context.as(dy)
        const meant = builder.op('Mul', [gradient, context.as(mixed)])
        const sums = addUp(builder, 'ReduceSum', meant, dy.shape, [last], 1)
        const ones = builder.repeated(1, [...values.shape.slice(0, -1), 1])
        const left = builder.op('Concat', [gradient, builder.op('Neg', [sums])], { axis: last })
        const right = builder.op('Concat', [context.as(values), ones], { axis: last })
        const perm = [...identity(rank).slice(0, -2), last, last - 1]
        const centred = builder.op('MatMul', [left, builder.op('Transpose', [right], { perm })])
        context.place(output, builder.op('Mul', [centred, context.as(weights)]))
      },
    }
  }
  return undefined
}

/** Whether a call sums a value along its last axis, and keeps that. */
function isRowSum(node: Node | undefined, { id, shape }: Value): boolean {
  if (node?.kernel !== 'Sum') return false
  const { inputs, attributes } = node
  return inputs.x.id === id && attributes.keepDims === true && `${attributes.axis}` === `${shape.length - 1}`
}

/** What the weights make of the values of which dy vᵀ is, shaped like dy. */
function attended(
  reading: Reading,
  { inputs, attributes }: Node<'BatchMatMul'>,
  weights: Value,
): Value | undefined {
  if (attributes.transposeA || !attributes.transposeB || weights.shape.length < 3) return undefined
  const found = reading.readers(weights).find((reader): reader is Node<'BatchMatMul'> => {
    if (reader.kernel !== 'BatchMatMul') return false
    const { inputs: other, attributes: flags } = reader
    const isOfValues = other.a.id === weights.id && other.b.id === inputs.b.id
    return isOfValues && !flags.transposeA && !flags.transposeB
  })
  const mixed = found?.outputs[0]
  return mixed && `${mixed.shape}` === `${inputs.a.shape}` ? mixed : undefined
}
