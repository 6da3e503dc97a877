import { repairGradients, type Shape, type Tensor } from '@sgm/tensor'
import {
  checkFloats,
  checkFunctions,
  checkKeys,
  checkShape,
  checkTensor,
  checkTensors,
  expectedType,
  formatShape,
  objectOf,
} from '@sgm/tensor/check'
import type { Loss } from './types'

/**
 * A loss that checks what its halves are given, and that the score has the shape of its x.
 *
 * @param drawn The names of what `draw` gives: noise of the shape of x, probes `[B, M, ...D]`, others `[B]`.
 */
export function objective(where: string, drawn: readonly string[], { draw, evaluate }: Loss): Loss {
  return predictive(where, drawn, {
    draw,
    evaluate: (score, x, draws, condition) =>
      evaluate((y, t) => checkedScore(where, score(y, t), y), x, draws, condition),
  })
}

/** {@link objective} of a function whose results have shapes of their own. What is lost is differentiated, by tfjs too: its gradients are made right. */
export function predictive(where: string, drawn: readonly string[], { draw, evaluate }: Loss): Loss {
  repairGradients()
  return {
    draw(key, shape) {
      checkKeys(where, { key })
      checkRows(where, shape)
      return draw(key, shape)
    },
    evaluate(score, x, draws, condition) {
      checkFunctions(where, { score })
      checkFloats(where, { x })
      checkTensors(where, objectOf(where, draws, 'the draws of draw(key, shape)'))
      checkRows(where, x.shape)
      for (const name of drawn) checkDrawn(where, name, draws[name], x.shape)
      if (condition !== undefined) checkTensors(where, { condition })
      return evaluate(score, x, draws, condition)
    },
  }
}

/** What a score gives for x. @throws TypeError unless it is a tensor of the shape of x. */
export function checkedScore(where: string, value: Tensor, x: Tensor): Tensor {
  checkTensor(where, value, 'the score')
  if (formatShape(value.shape) !== formatShape(x.shape)) {
    throw expectedType(where, `a score of shape ${formatShape(x.shape)}`, formatShape(value.shape))
  }
  return value
}

function checkDrawn(where: string, name: string, drawn: Tensor | undefined, [rows, ...dims]: Shape): void {
  if (!drawn) throw expectedType(where, 'the draws of draw(key, shape)', `no ${name}`)
  const each = /noise$/i.test(name) ? dims : name === 'probes' ? [drawn.shape[1] ?? 1, ...dims] : []
  checkFloats(where, { [`draws.${name}`]: drawn })
  checkShape(where, `draws.${name}`, drawn.shape, [rows!, ...each])
}

function checkRows(where: string, shape: Shape): void {
  if (!Array.isArray(shape) || shape.length === 0) throw expectedType(where, 'a shape [B, ...D]', shape)
}
