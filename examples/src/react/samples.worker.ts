import { useBackend } from '@sgm/tensor'
import { answering, type Question } from './work'

// The page stays alive while the worker computes.
const ready = useBackend()
const ask = answering((answer) => self.postMessage(answer))

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  await ready
  await ask(data)
}
