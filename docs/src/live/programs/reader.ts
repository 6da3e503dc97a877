import { bind, labelLogLikelihood, noiseClassifier, predictionPresets } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import { cast, full, greater, item, mean, type Tensor, tidy } from '@sgm/tensor'
import { checkpointWeights } from '@sgm/train'

/** The share of images, at the time t, that are read as the classes asked for. */
export type Reader = (x: Tensor, t: number, labels: Tensor) => Promise<number>

/** A classifier of noisy digits, which has seen real ones alone. */
export async function openReader(site: string, process: LinearSDE): Promise<Reader> {
  const address = new URL('models/digits/classifier.safetensors', site)
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`openReader: expected ${address}, got status ${answer.status}`)
  const { ema } = checkpointWeights(await answer.arrayBuffer())
  const logits = predictionPresets.logits.toScore(bind(noiseClassifier({ width: 16 }), ema), process)
  return async (x, t, labels) => {
    const share = tidy(() => {
      const chances = labelLogLikelihood(logits, labels)(x, full([x.shape[0]!], t))
      return mean(cast(greater(chances, Math.log(0.5)), 'float32'))
    })
    try {
      return await item(share)
    } finally {
      share.dispose()
    }
  }
}
