import { type DrawOf, floatsIn, sizeOf, type Value } from '@sgm/tensor/compile'
import type { Tuning } from '../plan/tuning'
import { boxMuller, threefry } from '../wgsl/random'
import { Writer } from '../wgsl/writer'
import { line, type Shader, shaderOf, WORKGROUP } from './shader'

/** Draws that a device makes itself: permutations and choices are made on the host. */
export type DeviceDraw =
  | { readonly kind: 'normal' | 'rademacher'; readonly shape: DrawOf['shape'] }
  | Extract<DrawOf, { readonly kind: 'uniform' }>

/** The draw as one that a device makes; undefined for others. */
export function deviceDraw(draw: DrawOf): DeviceDraw | undefined {
  const { kind, shape } = draw
  if (kind === 'uniform') return draw
  return kind === 'normal' || kind === 'rademacher' ? { kind, shape } : undefined
}

/** A kernel that draws, its key being the first two of its uniforms: element `column` of a row is made of block `column / n` of the row, as on the host. */
export function drawShader(value: Value, draw: DeviceDraw, { map }: Pick<Tuning, 'map'>): Shader {
  const w = new Writer(() => ({}))
  const key = `vec2<u32>(${w.slot()}, ${w.slot()})`
  const size = sizeOf(draw.shape)
  const columns = size / (draw.shape[0] || 1)
  w.global(threefry)
  w.line(`let i = (${WORKGROUP}) * ${map}u + local;`)
  w.block(`if (i < ${w.size(size)})`, () => {
    w.line(`let row = i / ${w.size(columns)};`)
    w.line(`let column = i % ${w.size(columns)};`)
    w.store(value, 'i', elementOf(w, key, draw))
  })
  return shaderOf(w, draw.kind, map, line(Math.ceil(size / map)))
}

/** WGSL of the element at `row` and `column`. */
function elementOf(w: Writer, key: string, draw: DeviceDraw): string {
  const words = (perBlock: number): string => `threefry(${key}, vec2<u32>(row, column / ${perBlock}u))`
  switch (draw.kind) {
    case 'normal':
      w.global(boxMuller)
      return `normals(${words(2)})[column % 2u]`
    case 'rademacher':
      return `2.0 * f32((${words(64)}[column / 32u % 2u] >> (column % 32u)) & 1u) - 1.0`
    case 'uniform': {
      const [least, greatest] = floatsIn(draw.low, draw.high)
      const scale = w.float((draw.high - draw.low) / 2 ** 32)
      const drawn = `${w.float(draw.low)} + ${scale} * (f32(${words(2)}[column % 2u]) + 0.5)`
      return `clamp(${drawn}, ${w.float(least)}, ${w.float(greatest)})`
    }
  }
}
