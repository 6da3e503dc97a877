import * as tf from '@tensorflow/tfjs'
import { repairCpuKernels } from '../repair/cpu'
import { repairWebglKernels } from '../repair/webgl'

/** Backends that start asynchronously: their repairs are loaded then. */
const loaders = {
  wasm: async () => (await import('../repair/kernels')).repairWasmKernels,
  webgpu: async () => (await import('../repair/webgpu')).repairWebgpuKernels,
} as const

type Late = keyof typeof loaders
type Factory = Parameters<typeof tf.registerBackend>[1]

const isLate = (name: string): name is Late => Object.hasOwn(loaders, name)

/** What has been loaded. */
const repairs = new Map<Late, () => void>()

/**
 * Replaces the kernels of one of tfjs's backends that are wrong, or slower than they can be, and adds those that are missing. The backend's
 * package must have been imported. A backend that starts has been repaired, whoever starts it: only who calls kernels of one that
 * has not started, or that ran before `@sgm/tensor` was imported, need call this.
 *
 * @param name The backend whose kernels are wrong in tfjs.
 * @example
 * await repairKernels('wasm') // before tf.setBackend('wasm') of your own
 */
export async function repairKernels(name: 'wasm' | 'webgpu'): Promise<void> {
  if (!repairs.has(name)) repairs.set(name, await loaders[name]())
  repairs.get(name)!()
}

/** A factory of a backend that comes with its kernels repaired. */
function repaired(name: Late, factory: Factory): Factory {
  return () => {
    const repair = repairs.get(name)
    if (!repair) return repairKernels(name).then(factory)
    repair()
    return factory()
  }
}

/** Survives two copies of this package in one program. */
const OURS = Symbol.for('@sgm/tensor: backends start repaired')

/**
 * Repairs the kernels of tfjs's backends: at once of those that can start without `await`, at their start of the others, those
 * that are registered later too. Without effect the second time.
 */
export function repairBackends(): void {
  repairCpuKernels()
  repairWebglKernels()
  const engine = tf.engine()
  const { registerBackend, registryFactory, registry } = engine
  if (OURS in registerBackend) return
  engine.registerBackend = Object.assign(
    (name: string, factory: Factory, priority?: number) =>
      registerBackend.call(engine, name, isLate(name) ? repaired(name, factory) : factory, priority),
    { [OURS]: true },
  )
  for (const [name, entry] of Object.entries(registryFactory)) {
    if (!isLate(name)) continue
    entry.factory = repaired(name, entry.factory)
    if (name in registry) void repairKernels(name)
  }
}
