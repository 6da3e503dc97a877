import type { Tensor } from '@sgm/tensor'
import type { GraphDType, Value } from '@sgm/tensor/compile'
import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'

/** The memory of eager tensors on a device: executors read it and write it without copies by way of the host. */
export class EagerMemory {
  readonly #backend: WebGPUBackend

  constructor(backend: WebGPUBackend) {
    this.#backend = backend
  }

  /** Whether new eager tensors are in this memory. */
  get isCurrent(): boolean {
    return tf.engine().backend === this.#backend
  }

  /** The buffer of a tensor; undefined where it is elsewhere, or holds another type than the tensor says. */
  bufferOf(x: Tensor): GPUBuffer | undefined {
    const { dataId, dtype, size } = x as unknown as tf.Tensor
    if (size === 0 || tf.engine().state.tensorInfo.get(dataId)?.backend !== this.#backend) return undefined
    const data = this.#backend.tensorMap.get(dataId)
    if (data.dtype !== dtype) return undefined
    this.#backend.uploadToGPU(dataId)
    return data.resource as GPUBuffer
  }

  /** A new tensor, and the buffer that its values are to be written to. */
  make({ shape, dtype }: Pick<Value, 'shape'> & { readonly dtype: GraphDType }): {
    tensor: Tensor
    buffer: GPUBuffer
  } {
    const dataId = this.#backend.write(null as never, [...shape], dtype)
    this.#backend.uploadToGPU(dataId)
    const tensor = tf.engine().makeTensorFromDataId(dataId, [...shape], dtype, this.#backend)
    return {
      tensor: tensor as unknown as Tensor,
      buffer: this.#backend.tensorMap.get(dataId).resource as GPUBuffer,
    }
  }

  /** Hands the device the work of eager kernels that waits to be sent: what comes after it finds their results. */
  flush(): void {
    this.#backend.endComputePassEncoder()
    this.#backend.submitQueue()
  }
}
