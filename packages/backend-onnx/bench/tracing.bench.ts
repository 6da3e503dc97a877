import { ddpm } from '@sgm/score'
import { dispose, key, normal, uniform } from '@sgm/tensor'
import { flattenArguments, traceToGraph } from '@sgm/tensor/compile'
import { onnx } from '../src'
import { encodeModel } from '../src/encode-model'
import { toModel } from '../src/model'
import { packUpdates } from '../src/pack'
import { adamStep, denoising } from './subjects.bench'

/** How long the first call of a large network's training step takes, part by part. */
export async function tracing(threads: number): Promise<string[]> {
  const network = ddpm({ width: 64, blocks: 3 })
  const parameters = network.init(key(0))
  const count = Object.values(parameters).reduce((total, { size }) => total + size, 0)
  const shape = [2, 32, 32, 3]
  const args = [uniform(key(1), shape), uniform(key(2), [2]), normal(key(3), shape)]
  const step = adamStep(parameters, denoising(network.apply))

  const lines = [
    `First call of the training step of DDPM's U-Net of ${(count / 1e6).toFixed(1)} million parameters:`,
  ]
  const timed = async <T>(what: string, work: () => T): Promise<Awaited<T>> => {
    const begun = performance.now()
    const result = await work()
    lines.push(`  ${what}: ${((performance.now() - begun) / 1000).toFixed(2)} s`)
    return result
  }
  const { graph, variables } = await timed('tracing', () =>
    traceToGraph(step, flattenArguments('tracing: arguments', args)),
  )
  await timed(`writing ${graph.nodes.length} kernel calls as an ONNX model`, () =>
    encodeModel(toModel(packUpdates(graph).graph).proto),
  )
  const loaded = await timed('both, and loading it into the runtime', () =>
    onnx({ threads }).load(graph, variables),
  )
  await timed('the first run', () => loaded.run(args, []))
  await loaded.dispose()
  dispose([args, Object.values(parameters)])
  return lines
}
