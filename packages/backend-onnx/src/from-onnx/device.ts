import type { Tensor } from '@sgm/tensor'
import type * as Ort from 'onnxruntime-common'
import type { OrtModule } from '../platform/runtime'

/** ONNX Runtime with what computes on a device, and what its sessions are opened with. */
export interface OnDevice {
  readonly ort: OrtModule
  readonly session: Ort.InferenceSession.SessionOptions
}

/** Where ONNX Runtime computes other than on the host, in memory that it shares with tensors there. `webgpu(gpu)` is one. */
export interface OnnxDevice {
  open(): Promise<OnDevice>
  /**
   * The runtime's view of a tensor there, row after row in another shape; undefined where either has no such element type or the tensor is
   * elsewhere. It stays the tensor's.
   */
  give(x: Tensor, type: string, shape: readonly number[]): Ort.Tensor | undefined
  /** A tensor with the values of the runtime's, which it frees; undefined where they are on the host. */
  take(y: Ort.Tensor): Tensor | undefined
}
