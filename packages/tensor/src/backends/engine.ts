import type { Executor } from '../compile/executor'
import { useBackend } from './use'

/** What runs functions: as options of `compile` it compiles them with its executor. */
export interface Engine {
  /** `gpu`, `onnx`, or the backend of eager tensors. */
  readonly name: string
  /** Which one: `nvidia hopper (NVIDIA H100)`, `onnxruntime-node 1.30.0`. */
  readonly description: string
  /** Absent where functions run eagerly. */
  readonly executor?: Executor
  /** Gives back what it holds. */
  close(): Promise<void>
}

/** An engine that may not run here: `gpuEngine()` of `@sgm/backend-gpu`, `onnxEngine()` of `@sgm/backend-onnx`. */
export interface EngineChoice {
  readonly name: string
  /** @throws Error that says why it does not run here. */
  open(): Promise<Engine>
}

/** What {@link bestEngine} chose. */
export interface ChosenEngine extends Engine {
  /** Why each choice before it was passed over. */
  readonly passed: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Opens the first of several engines that runs here, and makes the best backend that works hold eager tensors where the engine does not.
 *
 * @param choices The one to prefer first.
 * @returns An engine; without any choice that runs, one that runs functions eagerly, named after its backend.
 * @example
 * const engine = await bestEngine([onnxEngine()]) // ONNX Runtime, else WASM
 * const double = compile((x: Tensor) => mul(x, 2), { executor: engine.executor })
 * await double(tensor([1, 2])) // → [2, 4]
 */
export async function bestEngine(choices: readonly EngineChoice[]): Promise<ChosenEngine> {
  const passed: { name: string; reason: string }[] = []
  for (const { name, open } of choices) {
    try {
      return { ...(await open()), passed }
    } catch (error) {
      passed.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  const name = await useBackend()
  return { name, description: `eager tensors on ${name}`, close: async () => {}, passed }
}
