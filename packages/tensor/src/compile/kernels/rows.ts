import type { Value } from '../value'
import { type Cut, fromFront, type IsCut, type Rows, type Use } from './kernel'

/** `cut` where a condition holds. */
export const when = (holds: boolean, cut: Cut = 'rows'): Cut => (holds ? cut : undefined)

/** Rows of operands meet rows of operands of the same rank; what is not cut is repeated or will be cut. */
export const meeting = {
  cut({ inputs, outputs }: Use, isCut: IsCut) {
    const { shape } = outputs[0]!
    const fits = (value: Value): boolean => value.shape.length === shape.length && value.shape[0] === shape[0]
    return when(Object.values(inputs).every((value) => !isCut(value) || fits(value)))
  },
  meetAt: ({ outputs }: Use) => outputs[0]!.shape.length,
} satisfies Rows

/** Equal parts of the elements in order, however they are shaped. */
export const splitting: Rows['cut'] = ({ outputs }, _isCut, parts) =>
  when(outputs[0]!.shape[0]! % parts === 0)

/** Rows stay apart unless the kernel works along their axis. */
export const unlessAlong = (axis: number, { shape }: Value): Cut => when(fromFront(axis, shape.length) !== 0)
