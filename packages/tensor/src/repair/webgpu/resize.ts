import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { bilinear, type Resize } from '../sampling'
import { runFlat } from './program'

/** `ResizeBilinear`, of which pixels without weight stay out: 0 times what is not finite would be NaN. Whole numbers find the pixels. */
export const resizeBilinear: Replacement = forFloats(({ inputs, attrs, backend }) => {
  const { images } = inputs as { images: Info }
  const resize = attrs as unknown as Resize
  const [batch, height, width, channels] = images.shape as [number, number, number, number]
  const [toHeight, toWidth] = resize.size
  const lines = {
    row: bilinear.line(height, toHeight, resize),
    column: bilinear.line(width, toWidth, resize),
  }
  const uniforms = Object.entries(lines).flatMap(([axis, { step, start, per }]) => [
    [`${axis}Step`, step],
    [`${axis}Start`, start],
    [`${axis}Per`, per],
  ])
  const place = (axis: string, position: string, length: string): string => `
    let ${axis}Place = clamp(${position} * uniforms.${axis}Step + uniforms.${axis}Start, 0, (uniforms.${length} - 1) * uniforms.${axis}Per);
    let ${axis} = ${axis}Place / uniforms.${axis}Per;
    let ${axis}Part = f32(${axis}Place - ${axis} * uniforms.${axis}Per) / f32(uniforms.${axis}Per);
    let ${axis}Next = min(${axis} + 1, uniforms.${length} - 1);`
  const pixel = (row: string, column: string): string =>
    `x[((image + ${row}) * uniforms.width + ${column}) * uniforms.channels + c]`
  const mixed = (low: string, high: string, part: string): string =>
    `select(${low} * (1.0 - ${part}) + ${high} * ${part}, ${low}, ${part} == 0.0)`
  const across = (row: string): string => mixed(pixel(row, 'column'), pixel(row, 'columnNext'), 'columnPart')
  return runFlat(
    backend as WebGPUBackend,
    images,
    { shape: [batch, toHeight, toWidth, channels], dtype: 'float32' },
    {
      key: 'sgm resize bilinear',
      integers: { height, width, channels, toHeight, toWidth, ...Object.fromEntries(uniforms) },
      code: `
        let c = index % uniforms.channels;
        let image = index / uniforms.channels / uniforms.toWidth / uniforms.toHeight * uniforms.height;
        ${place('row', 'index / uniforms.channels / uniforms.toWidth % uniforms.toHeight', 'height')}
        ${place('column', 'index / uniforms.channels % uniforms.toWidth', 'width')}
        let top = ${across('row')};
        let bottom = ${across('rowNext')};
        result[index] = ${mixed('top', 'bottom', 'rowPart')};`,
    },
  )
})
