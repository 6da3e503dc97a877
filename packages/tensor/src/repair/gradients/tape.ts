import * as tf from '@tensorflow/tfjs'
import { customGradients } from './custom'

interface TapeNode {
  readonly inputs: Record<string, tf.Tensor>
}

type Gradient = (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>

type AddTapeNode = (
  name: string,
  inputs: Record<string, tf.Tensor>,
  outputs: tf.Tensor[],
  gradient: Gradient | null,
  saved: tf.Tensor[],
  attributes: unknown,
) => void

interface Engine {
  addTapeNode: AddTapeNode & { [mark]?: true }
  readonly state: { readonly activeTape: TapeNode[] }
}

const mark = Symbol.for('@sgm/tensor: saved outputs follow their op')

/**
 * Puts the copies that an op saves of its *outputs* after the op on the tape, and gives the ops of
 * {@link customGradients} the inputs that their gradients forget.
 *
 * tfjs 4.22 tapes the copies first. Walking the tape forward, it then takes them for constants, and the second
 * derivative of every op that saves an output (tanh, exp, softmax, …; any `customGrad` that calls `save` on its
 * value) lacks a term (tensorflow/tfjs#3252).
 *
 * @throws Error when this version of tfjs keeps its tape elsewhere.
 */
export function repairTape(): void {
  const engine = tf.engine() as unknown as Engine
  const add = engine.addTapeNode
  if (typeof add !== 'function') {
    throw new Error(`@sgm/tensor: expected the tape of tfjs 4.22, got tfjs ${tf.version_core}`)
  }
  if (add[mark]) return
  const repaired: Engine['addTapeNode'] = (name, inputs, outputs, gradient, saved, attributes) => {
    const custom = gradient === null ? undefined : customGradients.get(name)
    if (custom) {
      const kept = Object.values(inputs).map((input) => tf.keep(tf.clone(input)))
      add.call(engine, name, inputs, outputs, custom, [...kept, ...saved], attributes)
      return
    }
    add.call(engine, name, inputs, outputs, gradient, saved, attributes)
    if (saved.length === 0) return
    const tape = engine.state.activeTape
    const copies = tape.splice(tape.length - 1 - saved.length)
    const node = copies.pop()!
    const ofOutput = (copy: TapeNode): boolean => outputs.includes(copy.inputs.x!)
    tape.push(...copies.filter((copy) => !ofOutput(copy)), node, ...copies.filter(ofOutput))
  }
  repaired[mark] = true
  engine.addTapeNode = repaired
}
