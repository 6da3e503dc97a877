import { fetched, fetchedBeside } from './fetched'
import { type LoadRuntime, missing, type Runtime, runtime } from './runtime'
import { disableTelemetry } from './telemetry'

/** The native package, or else WebAssembly, said once. */
export const loadRuntime: LoadRuntime = (name) => {
  if (name === 'web' || !isNode()) return loadWeb()
  if (name === 'node') return loadNative()
  found ??= find()
  return found
}

let found: Promise<Runtime> | undefined

async function find(): Promise<Runtime> {
  const native = await loadNative().catch((error: Error) => error)
  if (!(native instanceof Error)) return native
  const web = await loadWeb().catch(() => {
    found = undefined
    throw native
  })
  const { message } = native.cause as Error
  process.emitWarning(
    `onnx: compiled functions run on onnxruntime-web (WebAssembly), since onnxruntime-node cannot be loaded: ${message}. Its native ` +
      'kernels are several times faster: npm install onnxruntime-node',
  )
  return web
}

async function loadNative(): Promise<Runtime> {
  try {
    const module = await import('onnxruntime-node')
    await disableTelemetry()
    return runtime('node', module)
  } catch (cause) {
    throw missing('node', cause)
  }
}

async function loadWeb(): Promise<Runtime> {
  try {
    // Bundled for a server, it does not find its own files.
    const module = isNode()
      ? await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ 'onnxruntime-web')
      : await import('onnxruntime-web')
    return runtime('web', module)
  } catch (cause) {
    throw missing('web', cause)
  }
}

/** The bytes of a file. */
export async function readModel(path: string): Promise<Uint8Array> {
  if (!isNode()) return fetched(path)
  const { readFile } = await import('node:fs/promises')
  return readFile(path)
}

/** The bytes of a file that a model names. */
export async function readBeside(path: string, name: string): Promise<Uint8Array> {
  if (!isNode()) return fetchedBeside(path, name)
  const { dirname, join } = await import('node:path')
  return readModel(join(dirname(path), name))
}

/** Bundlers that have not heard of the condition `browser` bring this file to browsers too. */
function isNode(): boolean {
  return typeof process !== 'undefined' && Boolean(process.versions?.node)
}
