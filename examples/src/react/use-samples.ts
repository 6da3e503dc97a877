import type { Progress } from '@sgm/tensor'
import { useEffect, useRef, useState } from 'react'
import type { Answer, Question } from './work'

/** Where the samples of a seed stand. */
export interface Samples {
  /** Undefined before the first step. */
  readonly progress?: Progress
  /** `[count, 2]`, row by row; undefined until they are drawn. */
  readonly points?: Float32Array
  readonly error?: string
}

/** Samples of the worker, new ones whenever the seed or the count changes; what is no longer wanted is stopped. */
export function useSamples(seed: number, count: number): Samples {
  const worker = useRef<Worker>(undefined)
  const asked = useRef(0)
  const [samples, setSamples] = useState<Samples>({})
  useEffect(() => {
    worker.current = new Worker(new URL('./samples.worker.ts', import.meta.url), { type: 'module' })
    return () => worker.current?.terminate()
  }, [])
  useEffect(() => {
    const id = ++asked.current
    const to = worker.current!
    const hear = ({ data }: MessageEvent<Answer>): void => {
      if (data.id === id) setSamples((before) => ({ ...before, ...data }))
    }
    const ask = (question: Question): void => to.postMessage(question)
    to.addEventListener('message', hear)
    setSamples({})
    ask({ id, seed, count })
    return () => {
      to.removeEventListener('message', hear)
      ask({ id, stop: true })
    }
  }, [seed, count])
  return samples
}
