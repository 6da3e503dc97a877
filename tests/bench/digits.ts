import { readFileSync } from 'node:fs'
import { onnx } from '@sgm/backend-onnx'
import { bind, edmPreconditioned, networkPresets, predictionPresets } from '@sgm/score'
import { edm } from '@sgm/sde'
import { compile, deserialize, type NamedTensors, type Tensor } from '@sgm/tensor'
import { fixture } from './fixtures'
import { once, type SolverProblem } from './problem'

/** Four digits of given classes by the site's model of MNIST. */
export async function digits(): Promise<SolverProblem> {
  const { tensors, metadata } = deserialize(fixture('digits.safetensors'))
  const { start, end, labels } = tensors
  const shape = [28, 28, 1]
  return {
    name: 'digits',
    shape,
    start: [...(await start!.data())],
    end: [...(await end!.data())],
    errors: JSON.parse(metadata.errors!),
    model: once(() => {
      const process = edm()
      const { make, width, blocks } = networkPresets.small
      const seen = predictionPresets.edm.seen(process)
      const network = make({ shape, width, blocks, classes: 10, process: seen, centered: true })
      const { tensors } = deserialize(
        readFileSync(new URL('../../docs/static/models/digits/checkpoint.safetensors', import.meta.url)),
      )
      const weights: NamedTensors = Object.fromEntries(
        Object.entries(tensors).map(([name, value]) => [name.replace('parameters/', ''), value]),
      )
      const score = edmPreconditioned(bind(network, weights, labels), process)
      return { process, score: compile((x: Tensor, t: Tensor) => score(x, t), { executor: onnx() }) }
    }),
  }
}
