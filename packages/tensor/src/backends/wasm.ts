import * as tf from '@tensorflow/tfjs'
import { expected } from '../check'
import { repairKernels } from './repairs'
import { ownWasmFiles, type WasmFile } from './wasm-files'

/** How the WASM backend starts. */
export interface WasmOptions {
  /**
   * Where its files are: a folder (with `/` at the end) or an address for each. Node finds its own.
   *
   * @default this package's own copies, which bundlers that know `new URL('…', import.meta.url)` take along; beside the bundle with others
   */
  readonly wasmPaths?: string | Readonly<Record<WasmFile, string>>
  /** Threads, in pages that are cross-origin isolated; elsewhere there is one. @default one for each core */
  readonly threads?: number
}

type Package = typeof import('@tensorflow/tfjs-backend-wasm')

let loaded: Promise<Package> | undefined
let running: Package | undefined
let startedWith: string | undefined

/** Imports the WASM backend's package and repairs its kernels. */
export function loadWasm(): Promise<Package> {
  loaded ??= import('@tensorflow/tfjs-backend-wasm').then(async (module) => {
    await repairKernels('wasm')
    return module
  })
  return loaded
}

/** Sets the options of a start. @throws Error when the backend runs already with others. */
export async function configureWasm({ wasmPaths, threads }: WasmOptions): Promise<void> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw expected('useBackend', 'threads to be an integer >= 1', threads)
  }
  const { setThreadsCount, setWasmPaths } = await loadWasm()
  const options = JSON.stringify([wasmPaths, threads])
  if (startedWith === options || (startedWith && wasmPaths === undefined && threads === undefined)) return
  if (startedWith)
    throw new Error('useBackend: expected wasmPaths and threads at the first start of wasm, got others later')
  startedWith = options
  const paths = wasmPaths ?? ownWasmFiles()
  if (paths !== undefined) setWasmPaths(paths)
  if (threads !== undefined) setThreadsCount(threads)
}

/** Threads of the WASM backend, once it has started. */
export function runningThreads(): number | undefined {
  return running?.getThreadsCount()
}

/** Starts the WASM backend, without the process-wide error handlers that its glue code leaves in Node. */
export async function startWasm(): Promise<boolean> {
  const started = await withoutHandlers(() => tf.setBackend('wasm'))
  if (started) running = await loadWasm()
  return started
}

async function withoutHandlers<T>(start: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const node = globalThis.process as NodeJS.EventEmitter | undefined
  if (typeof node?.listeners !== 'function') return start()
  const before = events.map((event) => new Set(node.listeners(event)))
  try {
    return await start()
  } finally {
    for (const [i, event] of events.entries()) {
      for (const listener of node.listeners(event)) {
        if (!before[i]!.has(listener)) node.removeListener(event, listener as () => void)
      }
    }
  }
}
