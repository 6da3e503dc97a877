import * as tf from '@tensorflow/tfjs'

/** Sums of products by an equation such as `bij,bjk->bik`, of one operand or two, as one matrix product. */
export function einsum(equation: string, operands: readonly tf.Tensor[]): tf.Tensor {
  const [left, right] = equation.replace(/\s/g, '').split('->') as [string, string]
  const terms = left.split(',').map((term) => [...term])
  const wanted = [...right]
  const [a, b] = operands.map((x, i) => {
    const elsewhere = new Set([...wanted, ...terms.filter((_, j) => j !== i).flat()])
    return summed({ x, labels: terms[i]! }, (label) => elsewhere.has(label))
  }) as [Labelled, Labelled | undefined]
  if (!b) return ordered(a, wanted).x
  const sizes = new Map(
    [a, b].flatMap(({ x, labels }) => labels.map((label, i) => [label, x.shape[i]!] as const)),
  )
  const both = a.labels.filter((label) => b.labels.includes(label))
  const batch = both.filter((label) => wanted.includes(label))
  const inner = both.filter((label) => !wanted.includes(label))
  const rows = a.labels.filter((label) => !both.includes(label))
  const columns = b.labels.filter((label) => !both.includes(label))
  const size = (labels: readonly string[]): number => labels.reduce((n, label) => n * sizes.get(label)!, 1)
  const matrices = (one: Labelled, ...groups: string[][]): tf.Tensor =>
    tf.reshape(ordered(one, groups.flat()).x, groups.map(size))
  const product = tf.matMul(matrices(a, batch, rows, inner), matrices(b, batch, inner, columns))
  const labels = [...batch, ...rows, ...columns]
  const x = tf.reshape(
    product,
    labels.map((label) => sizes.get(label)!),
  )
  return ordered({ x, labels }, wanted).x
}

interface Labelled {
  readonly x: tf.Tensor
  readonly labels: string[]
}

/** Without the axes that nothing else names. */
function summed({ x, labels }: Labelled, isKept: (label: string) => boolean): Labelled {
  const gone = labels.flatMap((label, axis) => (isKept(label) ? [] : [axis]))
  return { x: gone.length > 0 ? tf.sum(x, gone) : x, labels: labels.filter(isKept) }
}

function ordered({ x, labels }: Labelled, wanted: readonly string[]): { x: tf.Tensor } {
  return {
    x: tf.transpose(
      x,
      wanted.map((label) => labels.indexOf(label)),
    ),
  }
}
