import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Answer, Hello, Request } from './protocol'

/** Another library, which runs in a process of its own: what it breaks it breaks there. */
export interface Peer {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

const script = (name: string): string[] => [
  ...process.execArgv,
  join(import.meta.dirname, 'peers', name + extname(import.meta.filename)),
]

/** All peers. Those of Python are looked for by SGM_PYTHON. */
export const peers: readonly Peer[] = [
  { name: 'jax-js', command: process.execPath, args: script('jax-js') },
  { name: 'onnxruntime-web', command: process.execPath, args: script('onnxruntime') },
  {
    name: 'PyTorch CUDA',
    command: process.env.SGM_PYTHON || 'python3',
    args: [join(import.meta.dirname, 'peers/torch_cuda.py')],
  },
]

/** What a peer said of each work, and of itself. */
export interface Answers {
  readonly hello: string
  readonly answers: readonly Answer[]
}

/**
 * Asks a peer for each work. One that ends, or says nothing for `patience` milliseconds, is started anew for what remains.
 *
 * @returns As many answers as works; no answers where it cannot run here.
 */
export async function ask(peer: Peer, request: Request, patience: number): Promise<Answers> {
  const answers: Answer[] = []
  let hello: string | undefined
  do {
    const works = request.works.slice(answers.length)
    const { messages, ended } = await listen(peer, { ...request, works }, patience)
    const [first, ...said] = messages as [Hello?, ...Answer[]]
    if (!first || 'unable' in first) return { hello: first?.unable ?? ended, answers: [] }
    hello ??= first.hello
    answers.push(...said)
    if (said.length < works.length) answers.push({ none: ended })
  } while (answers.length < request.works.length)
  return { hello, answers }
}

/** All that a peer says until it ends, and how it ended. */
async function listen({ command, args }: Peer, request: Request, patience: number) {
  const child = spawn(command, [...args, JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const messages: (Hello | Answer)[] = []
  let [ended, last] = ['', '']
  const kill = (): void => {
    ended = `said nothing for ${patience / 1000} s`
    child.kill('SIGKILL')
  }
  let timer = setTimeout(kill, patience)
  createInterface(child.stdout).on('line', (line) => {
    // Libraries write there too.
    if (!line.startsWith('{')) return
    clearTimeout(timer)
    timer = setTimeout(kill, patience)
    messages.push(JSON.parse(line) as Hello | Answer)
  })
  createInterface(child.stderr).on('line', (line) => {
    if (/error/i.test(line)) last = line.trim()
  })
  const end = await once(child, 'close').catch((error: Error) => [error.message])
  clearTimeout(timer)
  return { messages, ended: ended || last || `ended with ${end.find((one) => one !== null)}` }
}
