import { dpmSolverPlusPlus, sample } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key, type Progress } from '@sgm/tensor'

/** What a page asks its worker for; the numbers tell one question from another. */
export type Question =
  | { readonly id: number; readonly seed: number; readonly count: number }
  | { readonly id: number; readonly stop: true }

/** What the worker answers. */
export type Answer =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly points: Float32Array }
  | { readonly id: number; readonly error: string }

/** Answers questions one beside the other: samples of a mixture, or of a model that `loadRun` loads from a URL. */
export function answering(answer: (answer: Answer) => void): (question: Question) => Promise<void> {
  const process = vp()
  const { score } = gaussianMixture().diffused(process)
  const running = new Map<number, AbortController>()
  return async (question) => {
    const { id } = question
    if ('stop' in question) return running.get(id)?.abort()
    const stop = new AbortController()
    running.set(id, stop)
    try {
      const x = await sample({ process, score }, dpmSolverPlusPlus(), {
        key: key(question.seed),
        shape: [question.count, 2],
        signal: stop.signal,
        onProgress: ({ index, steps }) => answer({ id, progress: { index, steps } }),
      })
      answer({ id, points: (await x.data()) as Float32Array })
      x.dispose()
    } catch (error) {
      if (!stop.signal.aborted) answer({ id, error: (error as Error).message })
    } finally {
      running.delete(id)
    }
  }
}
