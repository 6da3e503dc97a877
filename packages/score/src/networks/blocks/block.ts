import { foldIn, type Key, type NamedTensors, type Shape, type Tensor } from '@sgm/tensor'
import { checkTensors, objectOf } from '@sgm/tensor/check'
import type { Initializer } from './initializers'

/** One parameter before it is drawn: known without a number of it in memory. */
export interface Parameter {
  readonly shape: Shape
  readonly initial: Initializer
}

/** Parameters by their full names. */
export type Parameters = Readonly<Record<string, Parameter>>

/** A part of a network: the parameters it reads, and what it does with them. Names are given when it is made. */
export interface Block<Inputs extends readonly unknown[] = [x: Tensor]> {
  readonly parameters: Parameters
  apply(parameters: NamedTensors, ...inputs: Inputs): Tensor
}

/** The parameters of several blocks together. */
export function parametersOf(...blocks: readonly (Pick<Block, 'parameters'> | undefined)[]): Parameters {
  return Object.assign({}, ...blocks.map((block) => block?.parameters))
}

/** One of the parameters that a block is given. @throws TypeError where they are none or lack it. */
export function parameterOf(where: string, parameters: NamedTensors, name: string): Tensor {
  const value = objectOf(where, parameters, 'parameters by name')[name]
  checkTensors(where, { [name]: value })
  return value!
}

/** Draws every parameter, the i-th from key (key, i), so that the width of one leaves the others' draws. */
export function draw(parameters: Parameters, key: Key): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, initial }], i) => [name, initial(foldIn(key, i), shape)]),
  )
}
