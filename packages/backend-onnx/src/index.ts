export { type OnnxOptions, onnx } from './executor'
export type { RuntimeName } from './runtime'
