import type { Tensor } from '@sgm/tensor'
import { blockKey, type Draw, hostValues, sizeOf } from '@sgm/tensor/compile'
import { deviceDraw, drawShader } from '../shaders/draw'
import type { DeviceContext } from './context'
import type { EagerMemory } from './eager-memory'
import { Kernel } from './kernel'
import { Uniforms } from './uniforms'

/** The tensor of an eager draw, made on the device; undefined for draws that the host makes, or refuses. */
export function drawEagerly(context: DeviceContext, eager: EagerMemory, draw: Draw): Tensor | undefined {
  const made = deviceDraw(draw)
  if (!made || !isFilled(draw.shape)) return undefined
  // Whether the draw is possible shows when it is made.
  hostValues({ ...draw, shape: [0] })
  const { device, pipelines } = context
  const value = { id: 0, shape: draw.shape, dtype: 'float32' } as const
  const shader = drawShader(value, made, context.tuning)
  const uniforms = new Uniforms(context, [shader])
  uniforms.set(0, blockKey(draw.kind, draw.key).words)
  eager.flush()
  const { tensor, buffer } = eager.make(value)
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  new Kernel(device, shader, pipelines.now(shader), uniforms.of(0)).encode(pass, () => buffer, buffer)
  pass.end()
  device.queue.submit([encoder.finish()])
  uniforms.dispose()
  return tensor
}

/** Whether a shape is one, and has elements. */
function isFilled(shape: unknown): boolean {
  return (
    Array.isArray(shape) &&
    shape.every((length) => Number.isInteger(length) && length > 0) &&
    sizeOf(shape) <= 2 ** 31
  )
}
