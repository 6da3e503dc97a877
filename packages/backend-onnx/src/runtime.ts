import { expected } from '@sgm/tensor'
import type * as Ort from 'onnxruntime-common'

/** Which package to use. */
export type RuntimeName = 'node' | 'web'

/** Options of everything that runs on ONNX Runtime. */
export interface RuntimeOptions {
  /** @default 'node' in Node, 'web' elsewhere */
  readonly runtime?: RuntimeName
  /**
   * Threads that one operator may use, >= 1. In browsers there is one, unless the page is cross-origin isolated; the first
   * session decides for all.
   *
   * @default ONNX Runtime's choice in Node: the physical cores; the logical ones in browsers
   */
  readonly threads?: number
  /**
   * Where browsers find onnxruntime-web's `.wasm` and `.mjs` files, ending in a slash. The first session decides for all.
   *
   * @default beside the bundle
   */
  readonly wasmPaths?: string
}

/** A bias added by a product costs more than one added after it: the product begins by copying it to each row and reads that back. */
const UNWANTED = 'MatMulAddFusion'

/** The part of ONNX Runtime that both of its packages share. */
type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>

/** A loaded model and what is needed to run it. */
export interface OpenSession {
  readonly session: Ort.InferenceSession
  readonly Tensor: OrtModule['Tensor']
}

/** @throws RangeError when an option is out of range. */
export function checkOptions(where: string, { runtime, threads }: RuntimeOptions): void {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw expected(where, 'threads to be an integer >= 1', threads)
  }
  if (runtime !== undefined && runtime !== 'node' && runtime !== 'web') {
    throw expected(where, "runtime 'node' or 'web'", runtime)
  }
}

/** About how many threads a session has. */
export function threadsOf({ threads }: RuntimeOptions): number {
  return threads ?? globalThis.navigator?.hardwareConcurrency ?? 4
}

/** Which package runs models. */
export function runtimeOf({ runtime = isNode() ? 'node' : 'web' }: RuntimeOptions): RuntimeName {
  return runtime
}

/**
 * Loads a model into ONNX Runtime: `onnxruntime-node` in Node, `onnxruntime-web` in browsers.
 *
 * @throws Error that says what to install, when the package is not there.
 */
export async function openSession(
  bytes: Uint8Array,
  { threads, wasmPaths, ...options }: RuntimeOptions,
): Promise<OpenSession> {
  const runtime = runtimeOf(options)
  const ort = await (runtime === 'node' ? loadNode() : loadWeb())
  if (runtime === 'web') {
    const isolated = Boolean((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated)
    ort.env.wasm.numThreads = isolated ? (threads ?? navigator.hardwareConcurrency) : 1
    if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths
  }
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: { optimization: { disable_specified_optimizers: UNWANTED } },
    ...(runtime === 'node' && threads !== undefined && { intraOpNumThreads: threads }),
  })
  return { session, Tensor: ort.Tensor }
}

const loadNode = (): Promise<OrtModule> => load('onnxruntime-node', () => import('onnxruntime-node'))
const loadWeb = (): Promise<OrtModule> => load('onnxruntime-web', () => import('onnxruntime-web/wasm'))

async function load(name: string, importIt: () => Promise<unknown>): Promise<OrtModule> {
  const loaded = await importIt().catch((cause: unknown) => {
    throw new Error(`onnx: expected the package ${name} to be installed (npm install ${name})`, { cause })
  })
  const { default: inner } = loaded as { default?: OrtModule }
  return inner?.InferenceSession ? inner : (loaded as OrtModule)
}

function isNode(): boolean {
  return typeof process !== 'undefined' && Boolean(process.versions?.node)
}
