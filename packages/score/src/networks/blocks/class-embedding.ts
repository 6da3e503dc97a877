import { expectedType, formatShape, isTensor, matMul, oneHot, slice, type Tensor, tidy } from '@sgm/tensor'
import type { Condition } from '../../types'
import type { Parameters } from './block'
import { gaussian } from './initializers'

/** @throws TypeError for any condition: what a network without classes is told would change nothing. */
export function refuseCondition(where: string, condition: Condition | undefined): void {
  if (condition !== undefined) {
    throw expectedType(where, 'no condition, for the network was made without classes', told(condition))
  }
}

const told = (condition: Condition): string =>
  isTensor(condition)
    ? `${condition.dtype} ${formatShape(condition.shape)}`
    : Object.keys(condition).join(', ')

/** A trained vector for each class and one for none. */
export interface ClassEmbedding {
  readonly parameters: Parameters
  /** Labels int32 `[B]` → `[B, size]`; without labels the null class's `[1, size]`. */
  apply(parameters: Readonly<Record<string, Tensor>>, labels?: Condition): Tensor
}

/**
 * `<name>.table` `[classes + 1, size]`, drawn from N(0, 1); the last row, label `classes`, stands for no class (Ho and
 * Salimans 2022, "Classifier-free diffusion guidance", algorithm 1).
 *
 * @throws TypeError, when applied, unless labels are int32 `[B]`.
 */
export function classEmbedding(name: string, classes: number, size: number): ClassEmbedding {
  const table = `${name}.table`
  return {
    parameters: { [table]: { shape: [classes + 1, size], initial: gaussian() } },
    apply: (p, labels) => {
      if (!labels) return slice(p[table]!, [classes, 0], [1, size])
      if (!isTensor(labels) || labels.dtype !== 'int32' || labels.shape.length !== 1) {
        throw expectedType('classEmbedding', 'labels int32 [B]', told(labels))
      }
      return tidy(() => matMul(oneHot(labels, classes + 1), p[table]!))
    },
  }
}
