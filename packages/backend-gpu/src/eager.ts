import { repairKernels } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Failure } from './device/failure'

/** tfjs's name for the backend of eager tensors. */
export const BACKEND = 'webgpu'

/** Eager tensors of a device. */
export interface Eager {
  readonly backend: WebGPUBackend
  /** Frees the tensors and takes the backend away from tfjs. */
  release(): void
}

/**
 * Makes tfjs's backend `webgpu` work on a device of ours, so that its tensors and ours share their memory.
 *
 * @returns undefined where `@tensorflow/tfjs-backend-webgpu` is not installed, and where another device has the backend.
 */
export async function adoptDevice(
  device: GPUDevice,
  info: GPUAdapterInfo,
  failure: Failure,
): Promise<Eager | undefined> {
  const adopted = adoptedBackend
  if (adopted && tf.findBackend(BACKEND) === adopted) return undefined
  const module = await loadBackend()
  if (!module) return undefined
  await repairKernels('webgpu')
  const Checked = checked(module, failure)
  const backend = new Checked(device, info)
  if (tf.findBackendFactory(BACKEND)) tf.removeBackend(BACKEND)
  tf.registerBackend(BACKEND, () => backend, PRIORITY)
  noteKernels()
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault()
    failure.set(backend.explain(event.error))
  })
  adoptedBackend = backend
  return {
    backend,
    release() {
      if (adoptedBackend !== backend) return
      adoptedBackend = undefined
      tf.removeBackend(BACKEND)
    },
  }
}

/** Bundlers let a package be missing where its import stands in a `try`. */
async function loadBackend(): Promise<Module | undefined> {
  try {
    return await import('@tensorflow/tfjs-backend-webgpu')
  } catch {
    return undefined
  }
}

/** As tfjs has it: above all others. */
const PRIORITY = 3

let adoptedBackend: WebGPUBackend | undefined

/** The op that runs now. */
let running = ''

/** tfjs's kernels do not know for whom they work: each is made to say so. */
function noteKernels(): void {
  for (const kernel of tf.getKernelsForBackend(BACKEND)) {
    if (noted.has(kernel.kernelFunc)) continue
    const kernelFunc: tf.KernelFunc = (params) => {
      running = kernel.kernelName
      return kernel.kernelFunc(params)
    }
    noted.add(kernelFunc)
    tf.unregisterKernel(kernel.kernelName, BACKEND)
    tf.registerKernel({ ...kernel, kernelFunc })
  }
}

const noted = new WeakSet<tf.KernelFunc>()

type Module = typeof import('@tensorflow/tfjs-backend-webgpu')

/** tfjs's backend, but that errors of the device reach whoever reads, and name the op. */
function checked({ WebGPUBackend }: Module, failure: Failure) {
  return class Checked extends WebGPUBackend {
    /** The op that ran a program last, by the program's name. */
    readonly #users = new Map<string, string>()
    #waits = false

    override ensureCommandEncoderReady(): void {
      this.#waits = true
      super.ensureCommandEncoderReady()
    }

    /** Sends what waits to be sent; where nothing does, nothing, not even an empty command buffer. */
    override submitQueue(): void {
      if (!this.#waits) return
      this.#waits = false
      super.submitQueue()
    }

    override runWebGPUProgram(...args: Parameters<WebGPUBackend['runWebGPUProgram']>): tf.TensorInfo {
      this.#users.set(args[0].constructor.name, running)
      return super.runWebGPUProgram(...args)
    }

    override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
      return failure.during(super.read(dataId))
    }

    /** Messages of WebGPU name the program: `[ShaderModule "TransposeProgram"]`. */
    explain({ message }: GPUError): Error {
      const program = /"(\w+)"/.exec(message)?.[1] ?? ''
      const op = this.#users.get(program)
      return new Error(
        `webgpu: expected kernels that are valid, got ${op ? `${op} (${program})` : 'one that is not'}: ${message}`,
      )
    }
  }
}
