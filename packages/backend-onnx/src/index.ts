export { onnxEngine } from './engine'
export { type OnnxOptions, onnx } from './executor'
export type { Channels } from './from-onnx/channels'
export type { OnnxInputs } from './from-onnx/feeds'
export {
  type FromOnnxOptions,
  fromOnnx,
  type OnnxScore,
} from './from-onnx/from-onnx'
export type { OnnxGuidanceOptions } from './from-onnx/guidance'
export type { OnnxExternalData, OnnxSource, OpenOnnxOptions } from './from-onnx/load'
export { type OnnxModel, openOnnx } from './from-onnx/open-onnx'
export type { OnnxSignature, OnnxValue } from './from-onnx/signature'
export type { RuntimeName } from './platform/runtime'
export type { RuntimeOptions } from './runtime'
export { type ToOnnxOptions, toOnnx } from './to-onnx'
