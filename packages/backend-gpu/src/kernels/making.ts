import type { Making } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import { wgslType } from '../wgsl/types'
import type { Rules } from './rule'

/** Kernels that make values of numbers, or of indices: nothing of theirs need be in memory. */
export const making: Rules<Making> = {
  Fill: {
    kind: 'view',
    element: ({ w }, { attributes }, { dtype }) => w.scalar(wgslType(dtype), Number(attributes.value)),
  },
  LinSpace: {
    kind: 'view',
    element({ w }, { attributes: { start, stop, num } }, _output, at) {
      const step = num > 1 ? (stop - start) / (num - 1) : 0
      return w.let('f32', `${w.float(start)} + f32(${at.index(w)}) * ${w.float(step)}`)
    },
  },
  OneHot: {
    kind: 'view',
    element({ w, read }, { inputs: { indices }, attributes }, { dtype }, at) {
      const { onValue = 1, offValue = 0 } = attributes
      const type = wgslType(dtype)
      const coordinates = at.coordinates(w)
      const index = read(indices, Place.at(indices.shape, coordinates.slice(0, -1)))
      const hot = `i32(${index}) == i32(${coordinates.at(-1)})`
      return w.let(type, `select(${w.scalar(type, offValue)}, ${w.scalar(type, onValue)}, ${hot})`)
    },
  },
  Range: {
    kind: 'view',
    element({ w }, { attributes: { start, step } }, { dtype }, at) {
      const type = wgslType(dtype)
      return w.let(type, `${w.scalar(type, start)} + ${type}(${at.index(w)}) * ${w.scalar(type, step)}`)
    },
  },
}
