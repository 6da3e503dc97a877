import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Replacement } from '../kernels/register'
import { runFlat } from './program'

/** `Cast` of integers and bools to floats: tfjs calls them floats and leaves them as they are, so that other kernels' code is invalid. */
export const cast: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  const { dtype } = args.attrs as { dtype: string }
  if (dtype !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return plain(args)
  return runFlat(
    args.backend as WebGPUBackend,
    x,
    { shape: x.shape, dtype: 'float32' },
    { key: 'sgm cast', integers: {}, code: 'result[index] = f32(x[index]);' },
  )
}
