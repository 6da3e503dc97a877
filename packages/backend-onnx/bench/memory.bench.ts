import { compile, memory as tensorMemory } from '@sgm/tensor'
import { onnx } from '../src'
import { subjectOf } from './subjects.bench'

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** Memory of the process over ten thousand training steps of the small MLP. */
export async function memory(threads: number): Promise<string[]> {
  const { fn, args } = subjectOf({ kind: 'mlp-step', width: 128, batch: 512 })
  const step = compile(fn, { executor: onnx({ threads }) })
  const lines: string[] = []
  for (let i = 1; i <= 10_000; i++) {
    ;(await step(...args)).dispose()
    if (![1000, 5000, 10_000].includes(i)) continue
    const { tensors, bytes } = tensorMemory()
    const { rss } = process.memoryUsage()
    lines.push(
      `Memory after ${i} steps: ${megabytes(rss)} in the process, ${tensors} tensors of ${megabytes(bytes)}`,
    )
  }
  await step.dispose()
  return lines
}
