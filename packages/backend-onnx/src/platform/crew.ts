import type { Worker } from 'node:worker_threads'
import type * as Ort from 'onnxruntime-common'

/** What an input of a model is to be. */
export interface Feed {
  readonly name: string
  readonly type: 'float32' | 'int32' | 'bool'
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | Uint8Array
}

/** A model that each of several threads has a session of. */
export interface CrewSession {
  /**
   * Runs all sessions at the same time, each on feeds of its own, whose arrays go over to the threads.
   *
   * @param areNew Whether what all of them are fed has changed.
   */
  run(feeds: readonly (readonly Feed[])[], areNew: boolean): Promise<readonly Results[]>
  release(): Promise<void>
}

/** Values of a model's outputs by name. */
export type Results = Readonly<Record<string, Feed['data']>>

/** Threads that run models side by side. */
export interface Crew {
  /** @param common What all sessions are fed, in memory that the threads share: not to be written during a run. */
  open(
    model: Uint8Array,
    settings: Ort.InferenceSession.SessionOptions,
    common: readonly Feed[],
  ): Promise<CrewSession>
}

type Task =
  | ({ readonly kind: 'open' } & Opening)
  | ({ readonly kind: 'run' } & Running)
  | { readonly kind: 'release' }

interface Opening {
  readonly model: Uint8Array
  readonly settings: Ort.InferenceSession.SessionOptions
  readonly common: readonly Feed[]
}

interface Running {
  readonly feeds: readonly Feed[]
  readonly areNew: boolean
  /** The run's number, and where it is once all threads have been told of it. */
  readonly run: number
  readonly begun: Int32Array
}

type Call = Task & { readonly call: number; readonly session: number }

interface Answer {
  readonly call: number
  readonly results?: Results
  readonly error?: string
}

const crews = new Map<number, Promise<Crew>>()

/** So many threads, the same ones whenever as many are asked for. They let the process end. @throws Error where they do not start. */
export function crewOf(size: number): Promise<Crew> {
  const crew = crews.get(size) ?? assemble(size)
  crews.set(size, crew)
  crew.catch(() => crews.delete(size))
  return crew
}

async function assemble(size: number): Promise<Crew> {
  const members = await Promise.all(Array.from({ length: size }, () => hire(() => crews.delete(size))))
  const all = (session: number, task: (i: number) => Task): Promise<readonly Results[]> =>
    Promise.all(members.map((member, i) => member.do({ ...task(i), session })))
  const release = async (session: number): Promise<void> => {
    await all(session, () => ({ kind: 'release' }))
  }
  let sessions = 0
  let runs = 0
  const begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  // That there is no such session is all the same to them; whether they are there is seen.
  await release(sessions++)
  return {
    async open(model, settings, common) {
      const session = sessions++
      await all(session, () => ({ kind: 'open', model, settings, common })).catch(async (error: unknown) => {
        await release(session).catch(() => {})
        throw error
      })
      return {
        run(feeds, areNew) {
          const run = ++runs
          const results = all(session, (i) => ({ kind: 'run', feeds: feeds[i]!, areNew, run, begun }))
          // The first to be told may take this thread's core: it begins when all are told.
          Atomics.store(begun, 0, run)
          Atomics.notify(begun, 0)
          return results
        },
        release: () => release(session),
      }
    },
  }
}

/** A thread, and what it has been asked to do. It keeps the process only while it works. */
export class Member {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #calls = 0
  /** Why it has ended, if it has. */
  #end: string | undefined

  /** @param onEnd Called when the thread ends. */
  constructor(worker: Worker, onEnd: () => void) {
    this.#worker = worker
    worker.unref()
    worker.on('message', (answer: Answer) => this.#settle(answer))
    const end = (reason: Error | number): void => {
      this.#end ??= `onnx: a thread that works on a share of the batch has ended (${reason})`
      onEnd()
      for (const call of this.#waiting.keys()) this.#settle({ call, error: this.#end })
    }
    worker.on('error', end)
    worker.on('exit', end)
  }

  /** @throws Error of the task, or that the thread has ended. */
  async do(task: Task & { readonly session: number }): Promise<Results> {
    if (this.#end !== undefined) throw new Error(this.#end)
    const call = this.#calls++
    const transfer = task.kind === 'run' ? task.feeds.map(({ data }) => data.buffer as ArrayBuffer) : []
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, ({ results = {}, error }) => {
        if (error === undefined) resolve(results)
        else reject(new Error(error))
      })
      this.#worker.ref()
      this.#worker.postMessage({ ...task, call } satisfies Call, transfer)
    })
  }

  #settle(answer: Answer): void {
    const settle = this.#waiting.get(answer.call)
    this.#waiting.delete(answer.call)
    if (this.#waiting.size === 0) this.#worker.unref()
    settle?.(answer)
  }
}

/** Starts a thread. Its code is a string, for no bundler has to find a file then; the package is the one that this module would import. */
async function hire(onEnd: () => void): Promise<Member> {
  const [{ Worker }, { createRequire }] = await Promise.all([
    import('node:worker_threads'),
    import('node:module'),
  ])
  const path = createRequire(import.meta.url).resolve('onnxruntime-node')
  // Compilers name functions by a helper of theirs.
  const code = `const __name = (f) => f
    ;(${work})(require(${JSON.stringify(path)}), require('node:worker_threads').parentPort)`
  return new Member(new Worker(code, { eval: true }), onEnd)
}

/** What a thread does. Nothing of this module is known there. */
function work(
  { InferenceSession, Tensor }: typeof Ort,
  port: import('node:worker_threads').MessagePort,
): void {
  interface Open {
    readonly session: Ort.InferenceSession
    /** What all threads are fed, and copies of it here: the runtime does not read memory that is shared. */
    readonly common: readonly (readonly [Feed, Feed])[]
  }
  const sessions = new Map<number, Open>()
  const tensors = (feeds: readonly Feed[]): Record<string, Ort.Tensor> =>
    Object.fromEntries(
      feeds.map(({ name, type, shape, data }) => [name, new Tensor(type, data as Float32Array, shape)]),
    )
  const done = async (task: Call): Promise<Results> => {
    if (task.kind === 'open') {
      const { model, settings, common } = task
      sessions.set(task.session, {
        session: await InferenceSession.create(model, settings),
        common: common.map((feed) => [feed, { ...feed, data: feed.data.slice() }]),
      })
      return {}
    }
    const open = sessions.get(task.session)
    if (task.kind === 'release') {
      sessions.delete(task.session)
      await open?.session.release()
      return {}
    }
    const { session, common } = open!
    // Until then that number is the one before.
    Atomics.wait(task.begun, 0, task.run - 1)
    if (task.areNew) for (const [shared, own] of common) own.data.set(shared.data)
    const results = await session.run(tensors([...common.map(([, own]) => own), ...task.feeds]))
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
  }
  port.on('message', async (task: Call) => {
    try {
      const results = await done(task)
      const buffers = new Set(Object.values(results).map(({ buffer }) => buffer as ArrayBuffer))
      port.postMessage({ call: task.call, results } satisfies Answer, [...buffers])
    } catch (error) {
      port.postMessage({ call: task.call, error: (error as Error).message } satisfies Answer)
    }
  })
}
