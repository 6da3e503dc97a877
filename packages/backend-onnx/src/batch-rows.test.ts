import { bind, ddpm, mlp, type Network, tutorialUnet } from '@sgm/score'
import {
  compile,
  dispose,
  type Executor,
  key,
  type NamedTensors,
  normal,
  slice,
  type Tensor,
  uniform,
  variable,
} from '@sgm/tensor'
import { describe, expect, test } from 'vitest'
import { onnx } from './index'

const runtimes = { node: onnx({ threads: 1, runtime: 'node' }), web: onnx({ threads: 1, runtime: 'web' }) }

/** The largest difference of the first row in batches of 3 and 33 from what it is alone, relative to the largest value. */
async function spread(network: Network, shape: readonly number[], executor: Executor, asVariables: boolean) {
  const drawn = network.init(key(1))
  const weights: NamedTensors = asVariables
    ? Object.fromEntries(Object.entries(drawn).map(([name, x]) => [name, variable(x)]))
    : drawn
  const score = compile(bind(network, weights), { executor })
  const [x, t] = [normal(key(2), [33, ...shape]), uniform(key(3), [33], { low: 0.1, high: 0.9 })]
  const rows = async (batch: number): Promise<Float32Array> => {
    const parts = [slice(x, [0, ...shape.map(() => 0)], [batch, ...shape]), slice(t, [0], [batch])] as const
    const y: Tensor = await score(...parts)
    const values = (await y.data()) as Float32Array
    dispose([parts, y])
    return values
  }
  const alone = await rows(1)
  const batches = [await rows(3), await rows(33)]
  const largest = batches[1]!.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const differences = batches.map((values) =>
    alone.reduce((most, value, i) => Math.max(most, Math.abs(values[i]! - value)), 0),
  )
  await score.dispose()
  dispose([drawn, weights, x, t])
  return Math.max(...differences) / largest
}

/** Weights that are constants are packed beforehand; products of one row with others are another kernel, without fused additions. */
const networks = [
  ['a dense network', mlp({ dims: 2, hidden: [64, 64] }), [2], { constants: 0, variables: 1e-6 }],
  ['a small DDPM', ddpm({ size: 8, channels: 1, width: 32, blocks: 1, multipliers: [1, 2], attention: [4] }), [8, 8, 1], { constants: 1e-6, variables: 1e-6 }],
  ["the tutorial's U-Net", tutorialUnet(), [28, 28, 1], { constants: 1e-6, variables: 1e-6 }],
] as const // biome-ignore format: rows

describe.each(['node', 'web'] as const)('on %s', (runtime) => {
  test.each(networks)(
    'what %s makes of a sample depends on its batch by rounding at most',
    async (_, network, shape, room) => {
      for (const weights of ['constants', 'variables'] as const) {
        const got = await spread(network, shape, runtimes[runtime], weights === 'variables')
        expect(got, weights).toBeLessThanOrEqual(room[weights])
      }
    },
  )
})
