import {
  add,
  avgPool2d,
  compile,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  key,
  matMul,
  maxPool2d,
  mean,
  mul,
  normal,
  ones,
  reshape,
  resizeBilinear,
  resizeNearest,
  silu,
  softmax,
  square,
  sub,
  type Tensor,
  valueAndGrad,
  variable,
} from '@sgm/tensor'
import { type Graph, hostExecutor } from '@sgm/tensor/compile'
import { executorContract, expectNear } from '@sgm/tensor/testing'
import { afterAll, expect, test } from 'vitest'
import { shared } from './testing/shared'

const graphs: Graph[] = []
const executor = hostExecutor(shared((graph) => graphs.push(graph)))

/** Checks of functions that work on a batch. */
const OF_BATCHES = /^random|conv|Pool|resize|matMul|sum|mean|variable|drawn/

test.each(
  executorContract(executor)
    .filter(({ name }) => OF_BATCHES.test(name))
    .map(({ name, run }) => [name, run] as const),
)('example by example, %s', (_, run) => run())

afterAll(() => expect(graphs.length).toBeGreaterThan(50))

/** Images `[B, 8, 8, 4]` through one of everything that networks of images are made of. */
function network(x: Tensor, p: { w: Tensor; deep: Tensor; bias: Tensor }): Tensor {
  const h = silu(add(conv2d(x, p.w, { padding: 'same' }), p.bias))
  const small = conv2d(depthwiseConv2d(h, p.deep, { padding: 'same' }), p.w, { stride: 2, padding: 'same' })
  const pooled = add(avgPool2d(h, 2), maxPool2d(h, 2))
  const tokens = reshape(add(small, pooled), [-1, 16, 4])
  const mixed = matMul(softmax(matMul(tokens, tokens, { transposeB: true })), tokens)
  const back = reshape(mixed, [-1, 4, 4, 4])
  const large = add(resizeNearest(back, [8, 8]), resizeBilinear(back, [8, 8]))
  const up = conv2dTranspose(back, p.w, [8, 8], { stride: 2, padding: 'same' })
  const centre = mean(h, [1, 2], true)
  return add(add(large, up), mul(centre, ones([x.shape[0]!, 1, 1, 4])))
}

test('a step of training of a network of images is worked out example by example', async () => {
  const x = normal(key(0), [3, 8, 8, 4])
  const make = () => {
    const w = variable(normal(key(1), [3, 3, 4, 4]))
    const deep = variable(normal(key(2), [3, 3, 4, 1]))
    const bias = variable(normal(key(3), [4]))
    const step = (images: Tensor): Tensor[] => {
      const loss = (p: { w: Tensor; deep: Tensor; bias: Tensor }): Tensor => mean(square(network(images, p)))
      const rows = network(images, { w, deep, bias })
      const { value, gradient } = valueAndGrad(loss)({ w, deep, bias })
      w.assign(sub(w, mul(gradient.w, 1e-3)))
      deep.assign(sub(deep, mul(gradient.deep, 1e-3)))
      bias.assign(sub(bias, mul(gradient.bias, 1e-3)))
      return [value, rows]
    }
    return { variables: { w, deep, bias }, step }
  }
  const [eager, whole] = [make(), make()]
  const compiled = compile(whole.step, { executor })
  for (let i = 0; i < 3; i++) {
    const [got, wanted] = [await compiled(x), eager.step(x)]
    for (const [j, truth] of wanted.entries()) await expectNear(got[j]!, truth, 1e-5, 'largest')
  }
  await compiled.pullVariables()
  for (const name of ['w', 'deep', 'bias'] as const) {
    await expectNear(whole.variables[name], eager.variables[name], 1e-5, 'largest')
  }
  const kernels = new Set(graphs.at(-1)!.nodes.map(({ kernel }) => kernel))
  for (const kernel of ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter', 'MaxPool'] as const) {
    expect(kernels).toContain(kernel)
  }
})
