import type { Loss } from '@sgm/losses'
import type { Network } from '@sgm/score'
import type { Key, NamedTensors } from '@sgm/tensor'
import { type BatchSource, train } from '@sgm/train'
import type { Context } from './section'

/** What is to be learned, and from what. */
export interface Lesson {
  /** Beside its progress. */
  readonly task: string
  readonly model: Network
  readonly loss: Loss
  readonly data: BatchSource
  readonly steps: number
  readonly key: Key
  /** The learning rate at first; it falls as a cosine. @default 2e-3 */
  readonly rate?: number
  /** Steps over which the rate rises from 0. @default 0 */
  readonly warmUp?: number
  /** Decay of the average of the weights. @default 0.999 */
  readonly decay?: number
}

/** What was learned; it frees the weights when its scope ends. */
export interface Learned extends Disposable {
  /** The average of the weights. */
  readonly ema: NamedTensors
  /** Of every step. */
  readonly losses: Float32Array
}

/** Trains a model with a compiled step, and tells how far it is. */
export async function learn(
  { executor, progress, signal }: Pick<Context, 'executor' | 'progress' | 'signal'>,
  { task, model, loss, data, steps, key, rate = 2e-3, warmUp = 0, decay = 0.999 }: Lesson,
): Promise<Learned> {
  progress(task, 0, steps)
  const run = train({
    model,
    loss,
    data,
    steps,
    key,
    rate: (step) => rate * 0.5 * (1 + Math.cos((Math.PI * step) / steps)) + rate / 200,
    warmUp,
    ema: { decay },
    compile: executor,
    ...(signal && { signal }),
  })
  const losses = new Float32Array(steps)
  try {
    for await (const { step, loss, emaLoss } of run) {
      losses[step - 1] = loss
      progress(task, step, steps, `loss ${emaLoss.toPrecision(4)}`)
    }
  } catch (error) {
    run.dispose()
    throw error
  }
  return { ema: run.ema, losses, [Symbol.dispose]: () => run.dispose() }
}
