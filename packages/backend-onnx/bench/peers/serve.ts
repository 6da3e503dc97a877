import { createInterface } from 'node:readline'
import { type Prepared, prepared } from '../measure'
import { type Makers, make } from '../work'
import type { Reply, Request } from './protocol'

/** Answers requests from standard input, one at a time, until it ends. */
export async function serve(hello: string, makers: Makers): Promise<void> {
  const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
  let job: Prepared | undefined
  const answer = async (request: Request): Promise<Reply> => {
    if ('prepare' in request) {
      job = await prepared(await make(makers, request.prepare))
      return { check: job.check ?? null, onceMs: job.onceMs }
    }
    if ('run' in request) return { times: await job!.run(request.run) }
    await job?.dispose()
    return { disposed: true }
  }
  say({ hello })
  for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(JSON.parse(line)).catch((error: Error) => ({ error: error.message })))
  }
}
