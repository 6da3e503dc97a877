import { fileURLToPath } from 'node:url'
import { toOnnx } from '@sgm/backend-onnx'
import { add, alignRows, type Tensor } from '@sgm/tensor'
import { type Calls, t, twice, x } from '../given'

const model = await toOnnx((x: Tensor, t: Tensor) => add(x, alignRows(t, x)), [x, t], { inputs: ['x', 't'] })

const pipeline = fileURLToPath(new URL('../../../../packages/pipeline/fixtures/tiny-sd1', import.meta.url))

export const onnx: Calls = {
  onnx: () => [{ runtime: 'node' }],
  toOnnx: () => [twice, [x], {}],
  fromOnnx: () => [model, {}],
  openOnnx: () => [model, {}],
  openPipeline: () => [pipeline, {}],
}
