import type { EngineChoice } from '@sgm/tensor'
import { type OnnxOptions, onnx } from './executor'
import { describeRuntime } from './runtime'

/**
 * ONNX Runtime as a choice of `bestEngine`.
 *
 * It cannot be opened where neither `onnxruntime-node` nor `onnxruntime-web` is installed.
 *
 * @throws RangeError when an option is out of range.
 * @example
 * const engine = await bestEngine([onnxEngine()])
 * engine.name // → 'onnx'
 */
export function onnxEngine(options: OnnxOptions = {}): EngineChoice {
  const executor = onnx(options)
  return {
    name: 'onnx',
    open: async () => ({
      name: 'onnx',
      description: await describeRuntime(options),
      executor,
      close: async () => {},
    }),
  }
}
