import { expected } from '@sgm/tensor'
import { decode } from 'fast-png'
import { readIfThere } from './files/read-if-there'

const regions: Readonly<Record<string, (y: number, x: number) => boolean>> = {
  left: (_, x) => x < 0.5,
  right: (_, x) => x >= 0.5,
  top: (y) => y < 0.5,
  bottom: (y) => y >= 0.5,
  center: (y, x) => Math.max(Math.abs(y - 0.5), Math.abs(x - 0.5)) < 0.25,
}

/**
 * 1 where a pixel is to be painted in, `[height × width]`.
 *
 * @param mask A region's name, or a PNG of that size, white where it hides.
 * @param option What the command calls it.
 * @throws RangeError when it is neither.
 */
export async function hiddenPixels(
  mask: string,
  height: number,
  width: number,
  option = '--mask ',
): Promise<number[]> {
  const region = Object.hasOwn(regions, mask) ? regions[mask] : undefined
  const inside = region ?? (await whitePixels(mask, height, width, option))
  return Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width]
    return inside((y + 0.5) / height, (x + 0.5) / width) ? 1 : 0
  })
}

async function whitePixels(path: string, height: number, width: number, option: string) {
  const bytes = await readIfThere(path)
  if (!bytes) throw expected('sgm', `${option}${Object.keys(regions).join('|')} or a PNG that exists`, path)
  const png = decode(bytes)
  if (png.height !== height || png.width !== width) {
    throw expected('sgm', `a mask of ${width}×${height} pixels`, `${png.width}×${png.height}`)
  }
  const half = 2 ** (png.depth - 1)
  return (y: number, x: number) => {
    const at = Math.floor(y * height) * width + Math.floor(x * width)
    return png.data[at * png.channels]! >= half
  }
}
