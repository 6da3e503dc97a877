import { checkIntegers, checkOneOf, optionsOf } from '@sgm/tensor/check'
import type * as Ort from 'onnxruntime-common'
import { loadRuntime } from '#platform'
import type { OnDevice } from './from-onnx/device'
import type { OrtModule, RuntimeName } from './platform/runtime'

/** Options of everything that runs on ONNX Runtime. */
export interface RuntimeOptions {
  /**
   * `'node'`: the package onnxruntime-node, native kernels. `'web'`: onnxruntime-web, WebAssembly.
   *
   * @default 'node' in Node, or, with a warning, 'web' where that package cannot be loaded; 'web' in browsers
   */
  readonly runtime?: RuntimeName
  /**
   * Threads that one operator may use, >= 1, or, natively, that work on shares of a batch where convolutions are large. In browsers there is one,
   * unless the page is cross-origin isolated. Of onnxruntime-web, the first session decides for all.
   *
   * @default ONNX Runtime's choice in Node: the physical cores; the logical ones in browsers
   */
  readonly threads?: number
  /**
   * Where browsers find onnxruntime-web's `.wasm` and `.mjs` files, ending in a slash. The first session decides for all.
   *
   * @default where the bundler put them, or else beside the bundle
   */
  readonly wasmPaths?: string
}

/** A bias added by a product costs more than one added after it: the product begins by copying it to each row and reads that back. */
const UNWANTED = 'MatMulAddFusion'

/**
 * Microseconds for which threads without work look for more of it. ONNX Runtime's own time is longer than the gaps between the operators of a
 * step: on a machine that has other work to do, threads then take each other's cores only to wait. Asleep, they wake more slowly than small
 * operators take.
 */
const SPIN = 100

/** Files beside a model, by the names that it has for them. */
export type ExternalData = readonly { readonly path: string; readonly data: Uint8Array | string }[]

/** A loaded model and what is needed to run it. */
export interface OpenSession {
  readonly session: Ort.InferenceSession
  readonly Tensor: OrtModule['Tensor']
}

/** @throws RangeError when an option is out of range. */
export function checkOptions(where: string, options: RuntimeOptions): void {
  const { runtime, threads } = optionsOf(where, options, { runtime: true, threads: true, wasmPaths: true })
  if (threads !== undefined) checkIntegers(where, { threads })
  if (runtime !== undefined) checkOneOf(where, { runtime }, ['node', 'web'])
}

/** About how many threads a session has. */
export function threadsOf({ threads }: RuntimeOptions): number {
  return threads ?? globalThis.navigator?.hardwareConcurrency ?? 4
}

/** A runtime in words: `onnxruntime-node 1.30.0, 4 threads`. */
export async function describeRuntime(options: RuntimeOptions): Promise<string> {
  const { name, ort } = await loadRuntime(options.runtime)
  const { versions } = ort.env
  const threads = options.threads ?? (name === 'node' ? undefined : threadsOf(options))
  const own =
    threads === undefined ? 'a thread for each core' : `${threads} thread${threads === 1 ? '' : 's'}`
  return `onnxruntime-${name} ${versions[name] ?? versions.common}, ${own}`
}

/** Which package runs models. */
export async function runtimeOf({ runtime }: RuntimeOptions): Promise<RuntimeName> {
  return (await loadRuntime(runtime)).name
}

/**
 * Loads a model into ONNX Runtime: `onnxruntime-node` in Node, `onnxruntime-web` in browsers.
 *
 * @param source The model's bytes, or where its file is: a path in Node, where the files beside it are found too, a URL in browsers.
 * @param how Microseconds for which native threads without work look for more of it before they sleep; files that the model keeps weights in; a device
 * to compute it on.
 * @throws Error that says what to install, when the package is not there.
 */
export async function openSession(
  source: Uint8Array | string,
  options: RuntimeOptions,
  {
    spin,
    externalData,
    there,
  }: {
    readonly spin?: number | undefined
    readonly externalData?: ExternalData | undefined
    readonly there?: OnDevice | undefined
  } = {},
): Promise<OpenSession> {
  const { threads, wasmPaths } = options
  const { name, ort } = there ? { name: 'web' as const, ort: there.ort } : await loadRuntime(options.runtime)
  if (name === 'web') {
    // Pages must be isolated to have threads; outside of pages nothing says that there are none.
    const { crossOriginIsolated: threaded = true } = globalThis as { crossOriginIsolated?: boolean }
    ort.env.wasm.numThreads = threaded ? threadsOf(options) : 1
    if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths
  }
  const beside = name === 'node' && typeof source === 'string'
  const settings: Ort.InferenceSession.SessionOptions = {
    ...settingsOf(spin),
    ...there?.session,
    ...(externalData && !beside && { externalData: [...externalData] }),
    ...(name === 'node' && threads !== undefined && { intraOpNumThreads: threads }),
  }
  const { InferenceSession } = ort
  const opening =
    typeof source === 'string'
      ? InferenceSession.create(source, settings)
      : InferenceSession.create(source, settings)
  const session = await (name === 'web' ? opening.catch(explain) : opening)
  return { session, Tensor: ort.Tensor }
}

/** How sessions are opened, wherever. @param spin Microseconds for which threads without work look for more of it before they sleep. */
export function settingsOf(spin: number = SPIN): Ort.InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: {
      optimization: { disable_specified_optimizers: UNWANTED },
      session: { intra_op: { spin_duration_us: String(spin) } },
    },
  }
}

/** ONNX Runtime says of a WebAssembly that did not start that no backend is available; that nobody served it is its usual reason. */
function explain(cause: Error): never {
  if (!/no available backend|initWasm/.test(cause.message)) throw cause
  throw new Error(
    'onnx: expected the file ort-wasm-simd-threaded.wasm of onnxruntime-web beside the bundle, got none that starts. Copy it there from the folder ' +
      "onnxruntime-web/dist, or serve that folder and name it: onnx({ wasmPaths: '/ort/' }). On servers: npm install onnxruntime-node. " +
      `ONNX Runtime said: ${cause.message}`,
    { cause },
  )
}
