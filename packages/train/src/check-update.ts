import type { NamedTensors } from '@sgm/tensor'
import {
  checkAtLeast,
  checkIntegers,
  checkShape,
  checkTensors,
  expectedType,
  objectOf,
} from '@sgm/tensor/check'
import type { OptimizerInput } from './optimizers/types'

/** Throws TypeError unless what an update is given are tensors by name, with a gradient for each parameter. */
export function checkInput(where: string, input: OptimizerInput, ...numbers: readonly string[]): void {
  const { parameters, gradients, slots, coefficients } = objectOf(where, input, 'what an update is made of')
  for (const some of [parameters, gradients, slots, coefficients]) checkNamed(where, some)
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(gradients, name)) throw expectedType(where, `a gradient of ${name}`, 'none')
    checkShape(where, `the gradient of ${name}`, gradients[name]!.shape, parameters[name]!.shape)
  }
  for (const [name, slot] of Object.entries(slots)) {
    const of = parameters[name.slice(name.indexOf('/') + 1)]
    if (of) checkShape(where, `the slot ${name}`, slot.shape, of.shape)
  }
  for (const name of numbers) {
    if (!Object.hasOwn(coefficients, name)) throw expectedType(where, `a coefficient ${name}`, 'none')
    checkShape(where, `the coefficient ${name}`, coefficients[name]!.shape, [])
  }
}

/** Throws TypeError unless a value is tensors by name. */
export function checkNamed(where: string, tensors: NamedTensors): void {
  checkTensors(where, objectOf(where, tensors, 'tensors by name'))
}

/** Throws RangeError unless a step and a rate are what their names say. */
export function checkStep(where: string, step: number, rate: number): void {
  checkIntegers(where, { step })
  checkAtLeast(where, { rate }, 0)
}
