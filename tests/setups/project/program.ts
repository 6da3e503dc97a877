import { onnx } from '@sgm/backend-onnx'
import { stream, twoMoons } from '@sgm/data'
import { sdeDenoising } from '@sgm/losses'
import { loadWeights, mlp, noisePrediction, saveWeights } from '@sgm/score'
import { vp } from '@sgm/sde'
import { hvp, item, key, ones, sum, tanh, useBackend } from '@sgm/tensor'
import { train } from '@sgm/train'
import { readme } from './readme.js'

/** What a newcomer does first: the README's lines, a network trained by `onnx()`, its weights written and read. */
export async function program(backend?: 'cpu' | 'wasm' | 'webgl') {
  const begin = performance.now()
  if (backend) await useBackend(backend)
  const points = await readme()
  const firstSample = performance.now() - begin
  const used = await useBackend(backend)
  const curvature = await item(hvp((x) => sum(tanh(x)), ones([1]), ones([1])))
  const process = vp()
  const model = noisePrediction.score(mlp({ hidden: [64, 64] }), process)
  const run = train({
    model,
    loss: sdeDenoising({ process }),
    data: stream(twoMoons, { size: 128, key: key(0) }),
    steps: 200,
    key: key(1),
    compile: onnx(),
  })
  const losses: number[] = []
  for await (const { emaLoss } of run) losses.push(emaLoss)
  const read = loadWeights(model, await saveWeights(model, run.ema))
  const names = Object.keys(run.ema)
  const pairs = await Promise.all(names.flatMap((name) => [run.ema[name]?.data(), read[name]?.data()]))
  const equal = names.map((_, i) => String(pairs[2 * i]) === String(pairs[2 * i + 1]))
  return { points, firstSample, backend: used, losses: [losses[0], losses.at(-1)], equal, curvature }
}
