/** From a table to new rows like it: scale its columns, train, sample, and scale back. */
import { onnx } from '@sgm/backend-onnx'
import { batches, readCsv } from '@sgm/data'
import { sdeDenoising } from '@sgm/losses'
import { moments } from '@sgm/metrics'
import { dpmSolverPlusPlus, sample } from '@sgm/samplers'
import { bind, mlp, noisePrediction } from '@sgm/score'
import { vp } from '@sgm/sde'
import { add, div, key, mean, mul, normal, sqrt, square, sub, tensor } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

/** Heights of deviation 8 around 170, and weights that follow them with a correlation of 0.8. */
async function table(rows = 2000): Promise<string> {
  const z = await normal(key(9), [2 * rows]).data()
  const lines = Array.from({ length: rows }, (_, i) => {
    const [a, b] = [z[2 * i]!, z[2 * i + 1]!]
    return `${170 + 8 * a},${70 + 10 * (0.8 * a + 0.6 * b)}`
  })
  return `height,weight\n${lines.join('\n')}\n`
}

export async function main({ steps = 600, count = 2000 } = {}) {
  const text = await table()
  // #region read
  const { columns, shape, values } = await readCsv(text)
  const rows = tensor(values, shape)
  const average = mean(rows, 0)
  const deviation = sqrt(mean(square(sub(rows, average)), 0))
  const scaled = div(sub(rows, average), deviation)
  // #endregion
  // #region train
  const process = vp()
  const model = noisePrediction.score(mlp({ hidden: [64, 64] }), process)
  const run = train({
    model,
    loss: sdeDenoising({ process, stratified: true }),
    data: batches(scaled, { size: 256, key: key(1) }),
    steps,
    rate: 3e-3,
    ema: { decay: 0.98 },
    key: key(0),
    compile: onnx(),
  })
  for await (const _ of run);
  // #endregion
  // #region sample
  const score = bind(model, run.ema)
  const z = await sample({ process, score }, dpmSolverPlusPlus(), {
    key: key(2),
    shape: [count, 2],
  })
  const x = add(mul(z, deviation), average)
  // #endregion
  const found = await moments(x)
  const [[a, c], [, b]] = found.covariance as [[number, number], [number, number]]
  return {
    columns: columns!.join(' '),
    mean: found.mean,
    deviation: [Math.sqrt(a), Math.sqrt(b)],
    correlation: c / Math.sqrt(a * b),
  }
}

await show(import.meta.url, main)
