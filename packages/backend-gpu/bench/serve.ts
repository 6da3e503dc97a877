import { openGpu } from '../src'
import { count } from './counts'
import { measure } from './measure'
import type { Answer, Hello, Request } from './protocol'
import { type Makers, NotOffered, prepare } from './work'

/** Answers the bench from a process of its own. */
export async function serve(start: (device: GPUDevice) => Promise<{ name: string; makers: Makers }>) {
  const say = (message: Hello | Answer): unknown => process.stdout.write(`${JSON.stringify(message)}\n`)
  const { works, budget } = JSON.parse(process.argv[2]!) as Request
  try {
    // Finds Node's WebGPU.
    const gpu = await openGpu()
    count()
    const { name, makers } = await start(gpu.device)
    say({ hello: name })
    for (const work of works) {
      try {
        const job = await prepare(makers, work)
        say(await measure(job, work.calls, budget))
        await job.dispose?.()
      } catch (error) {
        say({ none: reason(error) })
      }
    }
  } catch (error) {
    say({ unable: reason(error) })
  }
  process.exit(0)
}

function reason(error: unknown): string {
  const [first = ''] = String((error as Error).message ?? error).split('\n')
  return error instanceof NotOffered ? first : `failed: ${first}`
}
