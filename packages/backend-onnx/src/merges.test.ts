import { bind, ddpm } from '@sgm/score'
import {
  add,
  compile,
  concat,
  conv2d,
  grad,
  key,
  matMul,
  maximum,
  mean,
  mul,
  normal,
  ones,
  reshape,
  resizeNearest,
  rsqrt,
  silu,
  slice,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import { flattenArguments, traceToGraph } from '@sgm/tensor/compile'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, test } from 'vitest'
import { onnx } from './index'
import { mergesOf } from './lower/merges'
import { toModel } from './model'

const [batch, size, channels] = [2, 9, 16]
const [x, others] = [1, 2].map((n) => normal(key(n), [batch, size, size, channels])) as [Tensor, Tensor]
const filter = normal(key(3), [3, 3, channels, channels])
const [scale, shift] = [5, 6].map((n) => normal(key(n), [batch, 1, 1, channels])) as [Tensor, Tensor]

const inputs = [x, others, filter, scale, shift]

/**
 * The operators that a function becomes on the native runtime, where its values are compared with those that tfjs makes. The runtime's own operators
 * are taken beside a convolution alone.
 */
async function compared(
  fn: (inputs: readonly Tensor[]) => readonly Tensor[],
  given: readonly Tensor[] = inputs,
): Promise<string[]> {
  const beside = ([image, taps, ...rest]: readonly Tensor[]) => [...fn(rest), conv2d(image!, taps!)]
  const compiled = compile(beside, { executor: onnx({ threads: 1 }) })
  const [got, wanted] = [await compiled([x, filter, ...given]), fn(given)]
  for (const [i, truth] of wanted.entries()) await expectNear(got[i]!, truth, 1e-5, 'largest')
  await compiled.dispose()
  const { graph } = await traceToGraph(fn, flattenArguments('x', [given]))
  const { proto } = toModel(graph, undefined, { channelBlock: 16, mergesOf })
  return proto.graph.node.map(({ opType }) => opType)
}

const count = (operators: readonly string[], wanted: string): number =>
  operators.filter((one) => one === wanted).length

const convolved = ([x, , filter]: readonly Tensor[]): Tensor => conv2d(x!, filter!, { padding: 'same' })
const scaled = (all: readonly Tensor[]): Tensor => mul(convolved(all), all[3]!)
const functions: [string, (all: readonly Tensor[]) => Tensor][] = [
  ['a scale and a shift', (all) => add(scaled(all), all[4]!)],
  ['a shift and a scale', (all) => add(all[4]!, mul(all[3]!, convolved(all)))],
]

test.each(functions)('%s of a convolution costs no pass of its own', async (_, fn) => {
  const operators = await compared((all) => [fn(all)])
  expect(operators).toContain('BatchNormalization')
  expect(operators).not.toContain('Add')
  expect(operators).not.toContain('Mul')
  await compared((all) => grad((given: readonly Tensor[]) => sum(square(fn(given))))(all))
})

test.each<[string, (all: readonly Tensor[]) => Tensor]>([
  ['a sum', (all) => add(add(scaled(all), all[1]!), all[4]!)],
  ['the other sum', (all) => add(all[4]!, add(all[1]!, scaled(all)))],
])('%s is shifted with what it is of', async (_, fn) => {
  const operators = await compared((all) => [fn(all)])
  expect(operators.filter((one) => /^(Add|Mul|BatchNormalization)$/.test(one)).sort()).toEqual([
    'Add',
    'BatchNormalization',
  ])
  await compared((all) => grad((given: readonly Tensor[]) => sum(square(fn(given))))(all))
})

test('what others read too is written for them', async () => {
  const both = (all: readonly Tensor[]): Tensor[] => [add(scaled(all), all[4]!), scaled(all)]
  expect(await compared(both)).not.toContain('BatchNormalization')
})

test('an infinite scale makes NaN of its channel alone', async () => {
  const infinite = mul(scale, tensor([Number.POSITIVE_INFINITY, ...Array(channels - 1).fill(1)]))
  const fn = (given: readonly Tensor[]): Tensor => add(scaled(given), given[4]!)
  const compiled = compile(fn, { executor: onnx({ threads: 1 }) })
  const y = await (await compiled([x, others, filter, infinite, shift])).data()
  for (const [i, value] of y.entries()) expect(Number.isFinite(value)).toBe(i % channels !== 0)
  await compiled.dispose()
})

describe('a bias', () => {
  const dense = (rows: Tensor, weights: Tensor, bias: Tensor): Tensor =>
    add(
      reshape(matMul(reshape(rows, [-1, rows.shape.at(-1)!]), weights), [...rows.shape.slice(0, -1), -1]),
      bias,
    )
  const given = (columns: number): Tensor[] => [
    normal(key(1), [2, 5, 3]),
    normal(key(2), [3, columns]),
    normal(key(3), [columns]),
  ]
  const biased = ([rows, weights, bias]: readonly Tensor[]): Tensor => dense(rows!, weights!, bias!)

  test('of few columns goes into the product', async () => {
    const operators = await compared((all) => [biased(all)], given(7))
    expect(operators).toContain('Gemm')
    expect(operators).not.toContain('Add')
    await compared((all) => grad((some: readonly Tensor[]) => sum(square(biased(some))))(all), given(7))
  })

  test.each<[string, (all: readonly Tensor[]) => Tensor[], number]>([
    ['of many columns', (all) => [biased(all)], 65],
    ['of what others read too', ([x, w, b]) => [dense(x!, w!, b!), matMul(reshape(x!, [-1, 3]), w!)], 7],
    ['for each row and column', ([x, w]) => [add(matMul(reshape(x!, [-1, 3]), w!), ones([10, 7]))], 7],
  ])('%s is added after it', async (_, fn, columns) => {
    expect(await compared(fn, given(columns))).toContain('Add')
  })
})

describe('the gradient of attention', () => {
  /** Queries `[…, N, 4]`, keys and values `[…, M, 4]`. */
  const given = (...lead: number[]): Tensor[] =>
    [6, 9, 9].map((places, i) => normal(key(i), [...lead, places, 4]))
  const attend = ([q, k, v]: readonly Tensor[]): Tensor =>
    matMul(softmax(matMul(q!, k!, { transposeB: true })), v!)
  const gradient = (fn: (all: readonly Tensor[]) => Tensor) => (all: readonly Tensor[]) =>
    grad((some: readonly Tensor[]) => sum(square(fn(some))))(all)

  test.each([[[3]], [[2, 3]]])(
    'takes the sums of its weights from fewer numbers, in batches %j',
    async (lead) => {
      const operators = await compared(gradient(attend), given(...lead))
      expect(operators).not.toContain('Sub')
      expect(operators).toContain('Neg')
    },
  )

  test.each<[string, (all: readonly Tensor[]) => Tensor]>([
    [
      'of fewer places than features',
      ([q, k, v]) => attend([q!, slice(k!, [0, 0, 0], [3, 3, 4]), slice(v!, [0, 0, 0], [3, 3, 4])]),
    ],
    ['of weights alone', ([q, k]) => softmax(matMul(q!, k!, { transposeB: true }))],
    [
      'of weights times themselves',
      ([q, k, v]) => matMul(square(softmax(matMul(q!, k!, { transposeB: true }))), v!),
    ],
  ])('%s is as it was', async (_, fn) => {
    expect(await compared(gradient(fn), given(3))).toContain('Sub')
  })
})

describe('the derivative of the SiLU', () => {
  const slope = (x: Tensor): Tensor => grad((y: Tensor) => sum(silu(y)))(x)
  const special = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0, 100, -100]

  test.each([16, 17])('of 1 024 × %i numbers has their special values', async (columns) => {
    const x = concat([tensor([special]), normal(key(1), [1, 1024 * columns - special.length])], 1)
    const operators = await compared(([y]) => [slope(y!)], [reshape(x, [1024, columns])])
    expect(operators.includes('Sub')).toBe(columns === 17)
  })
})

test('the gradient of a nearest neighbour’s resize is a pool', async () => {
  const up = ([y]: readonly Tensor[]): Tensor => square(resizeNearest(y!, [3 * size, 2 * size]))
  const operators = await compared(([y]) => [grad((z: Tensor) => sum(up([z])))(y!)], [x])
  expect(count(operators, 'AveragePool')).toBe(1)
  expect(operators).not.toContain('Gather')
})

describe('group normalisations', () => {
  const shape = [2, 8, 8, 1]
  const network = ddpm({ size: 8, channels: 1, width: 32, blocks: 1, multipliers: [1, 2], attention: [4] })
  const norms = Object.keys(network.shapes).filter((name) => /norm\d?\.weight$/.test(name)).length
  const drawn = network.init(key(1))
  const weights = Object.fromEntries(
    Object.entries(drawn).map(([name, x], i) => [name, add(x, mul(0.1, normal(key(i), x.shape)))]),
  )
  const given = [normal(key(2), shape), tensor([0.2, 0.7])]
  const applied = (x: Tensor, t: Tensor): Tensor => bind(network, weights)(x, t)

  test('of a network are taken at once, those with offsets too', async () => {
    const operators = await compared(([x, t]) => [applied(x!, t!)], given)
    expect(norms).toBeGreaterThan(5)
    expect(count(operators, 'InstanceNormalization')).toBe(norms)
    expect(operators).not.toContain('ReduceMean')
  })

  test('of weights that are given are too', async () => {
    const names = Object.keys(weights)
    const fn = ([x, t, ...values]: readonly Tensor[]): Tensor[] => [
      network.apply(Object.fromEntries(names.map((name, i) => [name, values[i]!])), x!, t!),
    ]
    const operators = await compared(fn, [...given, ...Object.values(weights)])
    expect(count(operators, 'InstanceNormalization')).toBe(norms)
  })

  test('whose gradient is asked for have their moments', async () => {
    const slope = (x: Tensor, t: Tensor): Tensor => grad((y: Tensor) => sum(square(applied(y, t))))(x)
    expect(await compared(([x, t]) => [slope(x!, t!)], given)).not.toContain('InstanceNormalization')
  })

  interface Differing {
    readonly places?: number[]
    readonly least?: number
    readonly of?: number
    readonly size?: number
  }

  /** What differs from a group normalisation in a number or an axis. */
  const like =
    ({ places = [1, 2], least = 0, of = 2 }: Differing) =>
    ([x, weight, bias]: readonly Tensor[]): Tensor => {
      const y = conv2d(x!, filter, { padding: 'same' })
      const grouped = (v: Tensor): Tensor => reshape(v, [-1, 4, 4])
      const first = grouped(mean(y, places))
      const within = sub(grouped(mean(square(y), places)), square(first))
      const centre = mean(first, of, true)
      const variance = maximum(mean(add(within, square(sub(first, centre))), 2, true), least)
      const scale = mul(rsqrt(add(variance, 1e-3)), grouped(weight!))
      const shift = add(grouped(bias!), mul(sub(least, centre), scale))
      const [each, apart] = [scale, shift].map((v) => reshape(v, [y.shape[0]!, 1, 1, channels]))
      return add(mul(y, each!), apart!)
    }

  test.each<[Differing, boolean]>([
    [{}, true],
    [{ places: [2, 1] }, true],
    [{ places: [0, 1] }, false],
    [{ least: 10 }, false],
    [{ of: 1 }, false],
    [{ size: 129 }, false],
  ])('are told from what is like them: %j', async ({ size = 4, ...differing }, isOne) => {
    const images = normal(key(1), [4, size, size, channels])
    const [weight, bias] = [normal(key(2), [channels]), normal(key(3), [channels])]
    const operators = await compared((all) => [like(differing)(all)], [images, weight, bias])
    expect(operators.includes('InstanceNormalization')).toBe(isOne)
  })
})
