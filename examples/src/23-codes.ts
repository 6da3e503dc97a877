/** Behaviour 23: encode data, decode codes, interpolate between them; two models of the same data agree on the codes. */
import { onnx } from '@sgm/backend-onnx'
import { stream } from '@sgm/data'
import { sdeDenoising } from '@sgm/losses'
import { decode, encode, slerp } from '@sgm/samplers'
import { bind, gaussian, mlp, noisePrediction, type Score } from '@sgm/score'
import { vp } from '@sgm/sde'
import { abs, item, key, max, mean, sqrt, square, sub, sumRows, type Tensor } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

export async function main({ steps = 600, count = 50 } = {}) {
  // #region codes
  const data = gaussian({ mean: [1, -1], covariance: [0.25, 1] })
  const process = vp()
  const exact = { process, score: data.diffused(process).score }
  const x = data.sample(key(0), count)
  const codes = await encode(exact, x)
  const again = await decode(exact, codes)
  const others = await encode(exact, data.sample(key(1), count))
  const middle = await decode(exact, slerp(codes, others, 0.5))
  // #endregion

  /** The codes of a network of the given widths, trained from the given seed. */
  async function learned(hidden: number[], seed: number): Promise<Tensor> {
    const model = noisePrediction.score(mlp({ hidden }), process)
    const batches = stream(data.sample, { size: 256, key: key(seed + 10) })
    const loss = sdeDenoising({ process, stratified: true })
    const run = train({
      model,
      loss,
      data: batches,
      steps,
      rate: 3e-3,
      ema: { decay: 0.99 },
      key: key(seed),
      compile: onnx(),
    })
    for await (const _ of run);
    const score: Score = bind(model, run.ema)
    return encode({ process, score }, x)
  }
  const [first, second] = [await learned([64, 64], 2), await learned([48, 48, 48], 3)]
  const distance = (a: Tensor, b: Tensor) => item(mean(sqrt(sumRows(square(sub(a, b))))))
  return {
    roundTrip: await item(max(abs(sub(again, x)))),
    errorOfCodes: await distance(codes, data.flow(process, x, process.cutOffs.likelihood, 1)),
    interpolatedMean: [...(await mean(middle, 0).data())],
    betweenModels: await distance(first, second),
    betweenData: await distance(first, await encode(exact, data.sample(key(4), count))),
  }
}

await show(import.meta.url, main)
