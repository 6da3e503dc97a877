import { readFileSync } from 'node:fs'
import { bind, edmPreconditioned, networkPresets, predictionPresets } from '@sgm/score'
import { edm } from '@sgm/sde'
import { deserialize, type NamedTensors } from '@sgm/tensor'
import { once, type SolverProblem } from './problem'

/** Four digits of given classes by the site's model of MNIST. */
export async function digits(): Promise<SolverProblem> {
  const { tensors, metadata } = read('../fixtures/digits.safetensors')
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
      const { tensors } = read('../../../docs/static/models/digits/checkpoint.safetensors')
      const weights: NamedTensors = Object.fromEntries(
        Object.entries(tensors).map(([name, value]) => [name.replace('parameters/', ''), value]),
      )
      return { process, score: edmPreconditioned(bind(network, weights, labels), process) }
    }),
  }
}

const read = (path: string) => deserialize(readFileSync(new URL(path, import.meta.url)))
