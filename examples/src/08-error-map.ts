/** Behaviours 8 and 10: a score is learned where there are data. Noise puts data everywhere, and mends the rest. */
import { onnx } from '@sgm/backend-onnx'
import { stream } from '@sgm/data'
import { denoising, fisherDivergence } from '@sgm/losses'
import { bind, gaussianMixture, mlp, noTime } from '@sgm/score'
import { key, tensor, zeros } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

export async function main({ steps = 800, size = 9, extent = 8 } = {}) {
  const target = gaussianMixture()
  const data = stream(target.sample, { size: 128, key: key(1) })
  const model = mlp({ hidden: [64, 64], time: noTime })
  const axis = Array.from({ length: size }, (_, i) => extent * ((2 * i) / (size - 1) - 1))
  const points = axis.toReversed().flatMap((y) => axis.map((x) => [x, y]))

  /** σ²‖error‖² over the plane, after training at one level of noise. */
  async function errorMap(sigma: number): Promise<number[]> {
    // #region error
    const loss = denoising({ sigma })
    const run = train({ model, loss, data, steps, key: key(0), compile: onnx() })
    for await (const _ of run);
    const learned = bind(model, run.ema)
    const { score } = target.noised({ sigma })
    const t = zeros([points.length])
    const errors = fisherDivergence(learned, score, tensor(points), t)
    // #endregion
    run.dispose()
    return Array.from(await errors.data(), (error) => sigma ** 2 * error)
  }
  const drawn = (map: number[]) =>
    axis.map((_, r) =>
      map
        .slice(r * size, (r + 1) * size)
        .map((e) => e.toFixed(1).padStart(6))
        .join(''),
    )
  const [little, much] = [await errorMap(0.5), await errorMap(5)]
  const near = points.flatMap(([x, y], i) => (Math.hypot(x! - 5, y! - 5) < 2 ? [i] : []))
  const average = (map: number[], at = points.map((_, i) => i)) =>
    at.reduce((sum, i) => sum + map[i]!, 0) / at.length
  return {
    errorNearData: average(little, near),
    errorOverPlane: average(little),
    errorOverPlaneWithNoise: average(much),
    map: drawn(little).join('\n'),
    mapWithNoise: drawn(much).join('\n'),
  }
}

await show(import.meta.url, main)
