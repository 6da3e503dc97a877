import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Call, Replacement } from '../kernels/register'

/** WebGPU guarantees a kernel eight buffers, one of which is the sum's. */
const MOST = 7

/** `AddN`, so many at a time: tfjs gives one kernel all of them, which is not valid where they are more than its buffers. */
export const addMany: Replacement = (plain) => {
  const sum = (args: Call): Info => {
    const parts = args.inputs as unknown as readonly Info[]
    const some = (inputs: readonly Info[]): Call => ({ ...args, inputs: inputs as unknown as Call['inputs'] })
    if (parts.length <= MOST) return plain(args) as Info
    const first = plain(some(parts.slice(0, MOST))) as Info
    const whole = sum(some([first, ...parts.slice(MOST)]))
    const backend = args.backend as WebGPUBackend
    backend.disposeData(first.dataId)
    return whole
  }
  return sum
}
