import * as tf from '@tensorflow/tfjs'

type TapeNode = { inputs: Record<string, tf.Tensor>; outputs: tf.Tensor[]; saved: tf.Tensor[] }

type AddTapeNode = (
  kernelName: string,
  inputs: Record<string, tf.Tensor>,
  outputs: tf.Tensor[],
  gradient: unknown,
  saved: tf.Tensor[],
  attributes: unknown,
) => void

const mark = Symbol.for('@sgm/tensor: saved outputs follow their op')

/**
 * Puts the copies that an op saves of its *outputs* after the op on the tape.
 *
 * tfjs 4.22 tapes these copies first. Walking the tape forward, it then takes them for constants, and the second
 * derivative of every op that saves an output (tanh, exp, softmax, …; any `customGrad` that calls `save` on its
 * value) lacks a term (tensorflow/tfjs#3252).
 *
 * @throws Error when this version of tfjs keeps its tape elsewhere.
 */
export function orderSavedOutputs(): void {
  const engine = tf.engine() as unknown as {
    addTapeNode: AddTapeNode & { [mark]?: true }
    state: { activeTape: TapeNode[] }
  }
  const add = engine.addTapeNode
  if (typeof add !== 'function') {
    throw new Error(`@sgm/tensor: expected the tape of tfjs 4.22, got tfjs ${tf.version_core}`)
  }
  if (add[mark]) return
  const ordered: AddTapeNode & { [mark]?: true } = (name, inputs, outputs, gradient, saved, attributes) => {
    add.call(engine, name, inputs, outputs, gradient, saved, attributes)
    if (saved.length === 0) return
    const tape = engine.state.activeTape
    const copies = tape.splice(tape.length - 1 - saved.length)
    const node = copies.pop()!
    const ofOutput = (copy: TapeNode): boolean => outputs.includes(copy.inputs.x!)
    tape.push(...copies.filter((copy) => !ofOutput(copy)), node, ...copies.filter(ofOutput))
  }
  ordered[mark] = true
  engine.addTapeNode = ordered
}
