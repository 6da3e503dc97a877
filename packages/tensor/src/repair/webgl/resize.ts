import type { Info } from '../info'
import { forFloats, type Replacement } from '../kernels/register'
import { bilinear, type Interpolation, nearest, type Resize } from '../sampling'
import { run, type WebglBackend } from './program'

/** GLSL of where an output position lies along an axis: between pixel `name` and the next, at `namePart` of the way. */
function place(
  name: string,
  position: string,
  from: number,
  { step, start, per }: ReturnType<Interpolation['line']>,
): string {
  return `
    int ${name}Place = clamp(${position} * ${step} + ${start}, 0, ${(from - 1) * per});
    int ${name} = ${name}Place / ${per};
    float ${name}Part = float(${name}Place - ${name} * ${per}) / ${per}.;`
}

/** Pixels without weight stay out: 0 times what is not finite would be NaN. Whole numbers find the pixels. */
const resizing = (interpolation: Interpolation, value: string): Replacement =>
  forFloats(({ inputs, attrs, backend }) => {
    const { images } = inputs as { images: Info }
    const resize = attrs as unknown as Resize
    const [batch, height, width, channels] = images.shape as [number, number, number, number]
    const [toHeight, toWidth] = resize.size
    return run(
      backend as WebglBackend,
      { X: images },
      [batch, toHeight, toWidth, channels],
      `
      float mixed(float low, float high, float part) { return low * (1. - part) + high * part; }
      float across(int n, int row, int column, float part, int c) {
        float low = getX(n, row, column, c);
        return part == 0. ? low : mixed(low, getX(n, row, column + 1, c), part);
      }
      void main() {
        ivec4 at = getOutputCoords();
        ${place('row', 'at.y', height, interpolation.line(height, toHeight, resize))}
        ${place('column', 'at.z', width, interpolation.line(width, toWidth, resize))}
        ${value}
      }`,
    )
  })

export const resizes: Readonly<Record<string, Replacement>> = {
  ResizeBilinear: resizing(
    bilinear,
    `
    float top = across(at.x, row, column, columnPart, at.w);
    setOutput(rowPart == 0. ? top : mixed(top, across(at.x, row + 1, column, columnPart, at.w), rowPart));`,
  ),
  ResizeNearestNeighbor: resizing(nearest, 'setOutput(getX(at.x, row, column, at.w));'),
}
