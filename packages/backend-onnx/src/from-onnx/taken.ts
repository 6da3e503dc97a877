import { type Tensor, tensor } from '@sgm/tensor'
import type { Tensor as OrtTensor } from 'onnxruntime-common'
import type { OnnxDevice } from './device'
import { elementsOf } from './elements'
import type { OnnxValue } from './signature'

/** An output as a tensor of ours, in float32: where it is, or from the host. */
export async function taken(
  where: string,
  value: OnnxValue,
  output: OrtTensor,
  device: OnnxDevice | undefined,
): Promise<Tensor> {
  const there = device?.take(output)
  if (there) return there
  return tensor(elementsOf(where, value).to(await output.getData(true)), output.dims)
}
