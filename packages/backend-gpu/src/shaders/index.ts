import type { Group } from '../plan/fuse'
import type { Tuning } from '../plan/tuning'
import type { Slots } from '../wgsl/writer'
import { foldShader } from './fold'
import { mapShader } from './map'
import { productShader } from './product'
import type { Context } from './reader'
import type { Shader } from './shader'

/** The code of a kernel. */
export function shaderOfGroup(group: Group, slots: Slots, context: Context, tuning: Tuning): Shader {
  const { shape } = group
  switch (shape.kind) {
    case 'map':
      return mapShader(group, shape.size, slots, context, tuning)
    case 'fold':
      return foldShader(group, shape, slots, context, tuning)
    case 'product':
      return productShader(group, shape, slots, context, tuning)
  }
}
