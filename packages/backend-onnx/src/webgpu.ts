import type { Shape, Tensor } from '@sgm/tensor'
import { checkMethods, expected } from '@sgm/tensor/check'
import type * as Ort from 'onnxruntime-common'
import type { OnnxDevice } from './from-onnx/device'
import { missing, runtime } from './platform/runtime'

export type { OnnxDevice } from './from-onnx/device'

/** An open GPU of a page, as `openGpu` of `@sgm/backend-gpu` gives it. */
export interface OnnxGpu {
  readonly device: object
  bufferOf(x: Tensor): Ort.Tensor.GpuBufferType | undefined
  tensorOf(buffer: Ort.Tensor.GpuBufferType, shape: Shape): Tensor | undefined
}

/**
 * Lets ONNX Runtime compute on the GPU of a page, in the memory of its eager tensors: what a model takes and gives is not copied to the host
 * between evaluations. Elements of float32 and int32 stay there; those of other types go by way of the host, such as steps of int64, which WebGPU does not have, and
 * so do tensors of other backends.
 *
 * It needs onnxruntime-web, whose files for this are larger: `ort-wasm-simd-threaded.asyncify.wasm`.
 *
 * @param gpu Whose eager tensors are in use: `await useBackend('webgpu')`.
 * @throws Error (where a model is opened) in Node, whose ONNX Runtime shares no memory with others: a network of ours runs there by `compile`.
 * @example
 * async function onGpu(gpu: OnnxGpu, url: string) {
 *   const score = await fromOnnx(url, { device: webgpu(gpu) })
 *   return score // what any sampler takes
 * }
 */
export function webgpu(gpu: OnnxGpu): OnnxDevice {
  checkMethods('webgpu', { gpu }, 'bufferOf', 'tensorOf')
  return {
    async open() {
      if (
        typeof (globalThis as { GPUDevice?: unknown }).GPUDevice !== 'function' ||
        !('location' in globalThis)
      ) {
        throw expected(
          'webgpu',
          'a page with WebGPU',
          'another place, whose ONNX Runtime shares no memory of a GPU',
        )
      }
      return { ort: await load(), session: sessionOn(gpu) }
    },
    give(x, type, shape) {
      const buffer =
        type === x.dtype && (type === 'float32' || type === 'int32') ? gpu.bufferOf(x) : undefined
      return buffer && tensorOn(buffer, { dataType: type as 'float32', dims: shape })
    },
    take(y) {
      if (y.location !== 'gpu-buffer' || y.type !== 'float32') return undefined
      const made = gpu.tensorOf(y.gpuBuffer, y.dims)
      if (made) y.dispose()
      return made
    },
  }
}

let Tensors: typeof Ort.Tensor | undefined

const tensorOn: typeof Ort.Tensor.fromGpuBuffer = (buffer, options) => Tensors!.fromGpuBuffer(buffer, options)

async function load() {
  try {
    const { ort } = runtime('web', await import('onnxruntime-web/webgpu'))
    Tensors = ort.Tensor as typeof Ort.Tensor
    return ort
  } catch (cause) {
    throw missing('web', cause)
  }
}

function sessionOn({ device }: OnnxGpu): Ort.InferenceSession.SessionOptions {
  const provider = { name: 'webgpu', device } as Ort.InferenceSession.WebGpuExecutionProviderOption
  return { executionProviders: [provider], preferredOutputLocation: 'gpu-buffer' }
}
