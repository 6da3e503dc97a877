export { type OnnxOptions, onnx } from './executor'
export { type FromOnnxOptions, fromOnnx, type OnnxScore } from './from-onnx'
export type { RuntimeName, RuntimeOptions } from './runtime'
export { type ToOnnxOptions, toOnnx } from './to-onnx'
