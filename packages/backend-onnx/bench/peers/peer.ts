import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import type { Contender, Prepared } from '../measure'
import type { Work } from '../work'
import type { Reply, Request } from './protocol'

/** How to start a peer. */
export interface PeerOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly threads: number
  readonly limit?: number
}

/** Longest that a peer may take for an answer; compilers of peers take most of it. */
const PATIENCE_MS = 180_000

/** A contender in a process of its own, where nothing of sgm is loaded. Started when first needed, and again after it ended. */
export class Peer implements Contender {
  readonly name: string
  readonly threads: number
  readonly limit?: number
  /** Its libraries and their versions, once it has started. */
  hello: string | undefined
  readonly #options: PeerOptions
  #process: ChildProcessWithoutNullStreams | undefined
  #lines: AsyncIterator<string> | undefined
  #complaints = ''

  constructor(options: PeerOptions) {
    this.name = options.name
    this.threads = options.threads
    if (options.limit !== undefined) this.limit = options.limit
    this.#options = options
  }

  async prepare(work: Work): Promise<Prepared> {
    if (!this.#process) await this.#start()
    const ready = await this.#ask({ prepare: work })
    if (!('onceMs' in ready)) throw new Error(`${this.name}: an answer of another kind`)
    return {
      check: ready.check ?? undefined,
      onceMs: ready.onceMs,
      run: async (budgetMs) => {
        const reply = await this.#ask({ run: budgetMs })
        return 'times' in reply ? reply.times : []
      },
      dispose: () => this.#ask({ dispose: true }),
    }
  }

  close(): void {
    this.#process?.kill('SIGKILL')
    this.#process = undefined
  }

  /** Between its turns a peer stands still: threads that wait for more work would take the processor from others. */
  #rest(): void {
    if (process.platform !== 'win32') this.#process?.kill('SIGSTOP')
  }

  #wake(): void {
    if (process.platform !== 'win32') this.#process?.kill('SIGCONT')
  }

  async #start(): Promise<void> {
    const { command, args, env } = this.#options
    const child = spawn(command, args, { env: { ...process.env, ...env } })
    this.#process = child
    process.once('exit', () => child.kill('SIGKILL'))
    this.#complaints = ''
    child.on('error', (error) => {
      this.#complaints += error.message
    })
    child.stderr.on('data', (text) => {
      this.#complaints = (this.#complaints + text).slice(-4000)
    })
    child.stdin.on('error', () => {})
    const lines: Interface = createInterface({ input: child.stdout })
    this.#lines = lines[Symbol.asyncIterator]()
    const { hello } = (await this.#next()) as unknown as { hello: string }
    this.hello = hello
  }

  async #ask(request: Request): Promise<Reply> {
    this.#wake()
    this.#process!.stdin.write(`${JSON.stringify(request)}\n`)
    const reply = await this.#next()
    if ('error' in reply) throw new Error(reply.error)
    return reply
  }

  /** The next line of JSON; libraries may print others. */
  async #next(): Promise<Reply> {
    const late = setTimeout(() => this.close(), PATIENCE_MS)
    try {
      for (;;) {
        const { value, done } = await this.#lines!.next()
        if (done) {
          this.close()
          throw new Error(this.#complaints.trim().split('\n').at(-1) || 'the process ended')
        }
        if (!value.startsWith('{')) continue
        this.#rest()
        return JSON.parse(value)
      }
    } finally {
      clearTimeout(late)
    }
  }
}
