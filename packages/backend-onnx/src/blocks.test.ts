import {
  add,
  cast,
  compile,
  concat,
  type Executor,
  gather,
  grad,
  greater,
  key,
  matMul,
  mean,
  mul,
  normal,
  oneHot,
  reshape,
  slice,
  softmax,
  softplus,
  square,
  sub,
  sum,
  sumRows,
  type Tensor,
  tensor,
  transpose,
  valueAndGrad,
  variable,
} from '@sgm/tensor'
import { flattenArguments, type Graph, traceToGraph } from '@sgm/tensor/compile'
import { expectNear, type OpCase, opCases } from '@sgm/tensor/testing'
import { describe, expect, test } from 'vitest'
import { inBlocks, inParts } from './blocks'
import { onnx } from './index'
import { elementwise } from './lower/elementwise'

/** Float32 rounding of sums added up in another order. */
const TOLERANCE = 1e-5

/** Runs graphs part by part where that can be, and says which could. */
function partwise(parts: (graph: Graph) => number): Executor & { readonly cut: Graph[] } {
  const { name, load } = onnx({ threads: 1 })
  const cut: Graph[] = []
  return {
    name,
    cut,
    load(graph, variables) {
      const made = inParts(graph, parts(graph))
      if (made) cut.push(made)
      return load(made ?? graph, variables)
    },
  }
}

/** Each example for itself. */
const batch = ({ inputs }: Graph): number => Math.max(1, ...inputs.map(({ shape }) => shape[0] ?? 1))

const withInputs = opCases.filter(({ inputs }) => inputs.length > 0)
const tensorsOf = ({ inputs }: OpCase): Tensor[] => inputs.map(({ data, shape }) => tensor(data, shape))

/** The op's value, and its gradient. */
const functionsOf = (it: OpCase): ((xs: readonly Tensor[]) => Tensor[])[] => {
  const loss = (xs: readonly Tensor[]): Tensor => {
    const y = it.run(...xs)
    return sum(add(mul(y, 0.7), mul(square(y), 0.5)))
  }
  return [(xs) => [it.run(...xs)], (xs) => [...grad(loss)(xs)]]
}

describe.each(withInputs.map((it) => [it.label, it] as const))('%s', (_label, it) => {
  test('part by part or whole, the value and the gradient are the same', async () => {
    const inputs = tensorsOf(it)
    for (const fn of functionsOf(it)) {
      const compiled = compile(fn, { executor: partwise(batch) })
      const [got, wanted] = [await compiled(inputs), fn(inputs)]
      for (const [i, x] of wanted.entries()) await expectNear(got[i]!, x, TOLERANCE, 'largest')
      await compiled.dispose()
    }
  })
})

test('these kernels of the ops above are made part by part, and most elementwise ones', async () => {
  const cut = new Set<string>()
  for (const it of withInputs) {
    for (const fn of functionsOf(it)) {
      const { graph } = await traceToGraph(fn, flattenArguments('x', [tensorsOf(it)]))
      if (inParts(graph, batch(graph))) for (const { kernel } of graph.nodes) cut.add(kernel)
    }
  }
  const others = [...cut].filter((kernel) => !(kernel in elementwise))
  expect(others.sort().join(' ')).toMatchInlineSnapshot(
    `"All Any ArgMax ArgMin AvgPool BatchMatMul Concat Conv2D Conv2DBackpropFilter Conv2DBackpropInput Cumsum DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput ExpandDims GatherV2 Max MaxPool Mean Min Pack PadV2 Prod Reshape ResizeBilinear ResizeNearestNeighbor Reverse Slice Softmax SplitV Sum Tile Transpose Unpack"`,
  )
  expect(cut.size - others.length).toBeGreaterThan(50)
})

const x = normal(key(0), [12, 4])
const w = normal(key(1), [4, 4])
const row = normal(key(2), [4])
const column = normal(key(3), [12, 1])

test.each<[string, (y: Tensor) => Tensor]>([
  ['elementwise calls', (y) => softplus(mul(add(y, row), column))],
  ['products with weights, either way round', (y) => matMul(matMul(y, w), w, { transposeB: true })],
  ['products that sum over the batch', (y) => matMul(softplus(y), y, { transposeA: true })],
  ['sums and means over the batch', (y) => add(sum(y, 0), mul(mean(square(y)), row))],
  ['sums of rows', (y) => sumRows(square(y))],
  [
    'attention',
    (y) => {
      const h = reshape(y, [12, 2, 2])
      return matMul(softmax(matMul(h, h, { transposeB: true })), h)
    },
  ],
  ['what joins and cuts columns', (y) => concat([slice(y, [0, 1], [12, 2]), mul(y, column)], 1)],
  ['pairs of rows in one', (y) => softplus(reshape(y, [6, 8]))],
])('%s are made part by part', async (_, fn) => {
  const executor = partwise(() => 3)
  await expectNear(await compile(fn, { executor })(x), fn(x), TOLERANCE, 'largest')
  expect(executor.cut).toHaveLength(1)
})

test.each<[string, (y: Tensor) => Tensor]>([
  ['normalise over the batch', (y) => sub(y, mean(y, 0, true))],
  ['compare examples with each other', (y) => matMul(y, y, { transposeB: true })],
  ['turn the batch', (y) => softplus(transpose(y))],
  ['join examples', (y) => concat([y, softplus(y)], 0)],
  ['choose among examples', (y) => softplus(slice(y, [2, 0], [6, 4]))],
])('graphs that %s stay whole', async (_, fn) => {
  const { graph } = await traceToGraph(fn, flattenArguments('x', [x]))
  expect(inParts(graph, 3)).toBeUndefined()
  expect(inBlocks(graph, 1)).toBe(graph)
})

test('a training step adds up its gradients and updates once', async () => {
  const make = () => {
    const v = variable(w)
    const step = (y: Tensor): Tensor => {
      const loss = ({ p }: { p: Tensor }): Tensor => mean(square(softplus(matMul(y, p))))
      const { value, gradient } = valueAndGrad(loss)({ p: v })
      v.assign(sub(v, mul(gradient.p, 0.1)))
      return value
    }
    return { v, step }
  }
  const [eager, whole] = [make(), make()]
  const executor = partwise(() => 4)
  const compiled = compile(whole.step, { executor })
  for (let i = 0; i < 3; i++) await expectNear(await compiled(x), eager.step(x), TOLERANCE, 'largest')
  await compiled.pullVariables()
  await expectNear(whole.v, eager.v, TOLERANCE, 'largest')
  const kernels = executor.cut[0]!.nodes.map(({ kernel }) => kernel)
  expect(kernels.filter((kernel) => kernel === 'Softplus')).toHaveLength(4)
  expect(kernels.filter((kernel) => kernel === 'Sub')).toHaveLength(1)
})

describe('the size of blocks', () => {
  const softpluses = async (rows: number, elements: number): Promise<number> => {
    const { graph } = await traceToGraph(
      (y: Tensor) => softplus(y),
      flattenArguments('x', [normal(key(0), [rows, 4])]),
    )
    return inBlocks(graph, elements).nodes.filter(({ kernel }) => kernel === 'Softplus').length
  }

  test.each([
    [12, 48, 1],
    [12, 47, 2],
    [12, 16, 3],
    [10, 16, 5],
    [13, 16, 1],
  ])('%i rows of 4 in blocks of at most %i elements are %i blocks', async (rows, elements, blocks) => {
    expect(await softpluses(rows, elements)).toBe(blocks)
  })
})

test('counts are added up beside other sums', async () => {
  const executor = partwise(() => 3)
  const fn = (y: Tensor) => [matMul(y, y, { transposeA: true }), sum(cast(greater(y, 0), 'int32'), 0), sum(y)]
  const [got, wanted] = [await compile(fn, { executor })(x), fn(x)]
  for (const [i, one] of wanted.entries()) await expectNear(got[i]!, one, TOLERANCE, 'largest')
  expect(executor.cut).toHaveLength(1)
})

test('classes become rows part by part, and the gradient of their table is added up', async () => {
  const executor = partwise(() => 2)
  const labels = tensor([0, 2, 1, 1], [4], 'int32')
  const table = variable(normal(key(4), [3, 5]))
  const loss = ({ t }: { t: Tensor }, y: Tensor): Tensor => sum(square(gather(t, y)))
  const fn = (y: Tensor) => [mul(oneHot(y, 3), 2), valueAndGrad(loss)({ t: table }, y).gradient.t]
  const [got, wanted] = [await compile(fn, { executor })(labels), fn(labels)]
  for (const [i, one] of wanted.entries()) await expectNear(got[i]!, one, TOLERANCE, 'largest')
  expect(executor.cut[0]!.nodes.map(({ kernel }) => kernel)).toContain('UnsortedSegmentSum')
})
