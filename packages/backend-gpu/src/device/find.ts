import { loadDawn } from '#dawn'

/** Where an adapter may come from, and how it is asked for. */
export interface AdapterOptions {
  /** Which of several GPUs to take. @default 'high-performance' */
  readonly powerPreference?: GPUPowerPreference
  /**
   * Settings of Dawn, in Node alone: for example `['backend=vulkan', 'enable-dawn-features=disable_robustness']`. The first call decides.
   *
   * @default none
   */
  readonly dawn?: readonly string[]
}

/** Whatever answers `requestAdapter`. */
interface Source {
  readonly gpu: GPU
  /** What a message calls it. */
  readonly name: string
}

/** Dawn crashes when what its `create` returned is collected while a device lives. */
let dawn: Source | undefined

/**
 * The adapter of this browser, or in Node the one that the package `webgpu` finds.
 *
 * @throws Error that says what was looked for and what to do, where there is none.
 */
export async function findAdapter({
  powerPreference = 'high-performance',
  dawn: settings = [],
}: AdapterOptions): Promise<GPUAdapter> {
  const { gpu, name } = await findSource(settings)
  const adapter = await gpu.requestAdapter({ powerPreference }).catch(() => null)
  if (!adapter) throw noAdapter(`none from ${name}`)
  return adapter
}

async function findSource(settings: readonly string[]): Promise<Source> {
  if (dawn) return dawn
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu
  if (gpu) return { gpu, name: 'navigator.gpu' }
  const loaded = await loadDawn()?.catch((cause: unknown) => {
    throw noAdapter('none: the package webgpu is not installed, or is not built for this system', cause)
  })
  if (!loaded) throw noAdapter('a browser without navigator.gpu')
  defineGlobals({ ...loaded.globals })
  dawn = { gpu: loaded.create([...settings]), name: 'the package webgpu' }
  defineNavigator(dawn.gpu)
  return dawn
}

/** Code for browsers, tfjs among it, finds the classes and constants of WebGPU in the global scope. */
function defineGlobals(globals: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
}

function defineNavigator(gpu: GPU): void {
  if (!globalThis.navigator)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true })
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
}

function noAdapter(got: string, cause?: unknown): Error {
  return new Error(
    `openGpu: expected a WebGPU adapter, got ${got}. In Node: npm install webgpu, and a driver of Vulkan, Metal or Direct3D 12. ` +
      'In browsers: a page served by https or from localhost, WebGPU switched on, and a GPU that is not blocked. Without one, ' +
      '@sgm/backend-onnx runs compiled functions on the CPU, and WASM the rest',
    { cause },
  )
}
