import * as tf from '@tensorflow/tfjs'
import { raw, wrap } from '../tf'
import type { Tensor, TypedArray, Variable } from '../types'
import type { Constant, Graph, GraphVariable, Node, Value } from './graph'
import { graphDType, type Recording, withRecording } from './recorder'

/** A traced function's input before it has values. */
export interface InputSpec {
  readonly shape: readonly number[]
  readonly dtype: string
}

/** A variable that the traced function made: it must exist before the function can be traced for good. */
export interface NewVariable {
  readonly variable: Variable
  readonly initial: Value
}

/** What {@link trace} returns. */
export interface Trace {
  readonly graph: Graph
  /** The tensors behind `graph.variables`. */
  readonly variables: readonly Variable[]
  /** Not empty when the function made variables, as optimisers do in their first step. */
  readonly created: readonly NewVariable[]
}

/**
 * Records the kernel calls of `fn`, which gets one tensor for each input and returns the outputs. Nothing is computed;
 * variables keep the values they have.
 */
export function trace(
  specs: readonly InputSpec[],
  fn: (inputs: readonly Tensor[]) => readonly Tensor[],
): Trace {
  const recorder = new Recorder()
  const engine = tf.engine()
  const before = Object.values(engine.registeredVariables)
  const keepers = before.map(share)
  const created: tf.Variable[] = []
  const initialOf = new Map<tf.Variable, object>()
  const makeVariable = engine.makeVariable
  engine.makeVariable = (...args) => {
    const variable = makeVariable.apply(engine, args)
    created.push(variable)
    initialOf.set(variable, variable.dataId)
    return variable
  }
  engine.startScope('trace')
  try {
    return withRecording(recorder, () => {
      // Variables may share memory; each gets a value of its own.
      const initial = before.map((variable) => recorder.adopt(variable))
      const inputs = specs.map(({ shape, dtype }) =>
        recorder.placeholder(shape, graphDType('an argument', dtype)),
      )
      const outputs = fn(inputs).map((output) => recorder.lookUp(raw(output)))
      const state = before.flatMap((variable, i) => recorder.variableState(variable, initial[i]!))
      return {
        graph: {
          inputs: inputs.map((input) => recorder.lookUp(raw(input))),
          constants: recorder.constants,
          variables: state.map(({ entry }) => entry),
          nodes: recorder.nodes,
          outputs,
        },
        variables: state.map(({ variable }) => variable as unknown as Variable),
        created: created.map((variable) => ({
          variable: variable as unknown as Variable,
          initial: recorder.valueOf(initialOf.get(variable)!)!,
        })),
      }
    })
  } finally {
    engine.makeVariable = makeVariable
    before.forEach((variable, i) => {
      variable.assign(keepers[i]!)
    })
    tf.dispose(keepers)
    engine.endScope()
  }
}

/** A tensor that shares a variable's memory on every backend (Identity copies on some), so that it outlives `assign`. */
function share(variable: tf.Variable): tf.Tensor {
  tf.backend().incRef(variable.dataId)
  return tf.keep(tf.engine().makeTensorFromDataId(variable.dataId, variable.shape, variable.dtype))
}

class Recorder implements Recording {
  readonly nodes: Node[] = []
  readonly constants: Constant[] = []
  readonly #values = new Map<object, Value>()
  readonly #read = new Set<Value>()
  #nextId = 0

  define(dataId: object, shape: readonly number[], dtype: Value['dtype']): Value {
    const value: Value = { id: this.#nextId++, shape: [...shape], dtype }
    this.#values.set(dataId, value)
    return value
  }

  valueOf(dataId: object): Value | undefined {
    return this.#values.get(dataId)
  }

  lookUp(tensor: tf.TensorInfo): Value {
    const known = this.#values.get(tensor.dataId)
    if (known) {
      this.#read.add(known)
      return sameShape(known, tensor)
    }
    const value = this.define(tensor.dataId, tensor.shape, graphDType('a tensor from outside', tensor.dtype))
    this.constants.push({ value, data: tf.engine().readSync(tensor.dataId) as TypedArray })
    return value
  }

  placeholder(shape: readonly number[], dtype: Value['dtype']): Tensor {
    const dataId = tf.backend().write(null!, [...shape], dtype)
    this.define(dataId, shape, dtype)
    return wrap(tf.engine().makeTensorFromDataId(dataId as tf.DataId, [...shape], dtype))
  }

  /** Puts a value of the trace into a variable. */
  adopt(variable: tf.Variable): Value {
    const value = raw(this.placeholder(variable.shape, graphDType('a variable', variable.dtype)))
    variable.assign(value)
    return this.#values.get(value.dataId)!
  }

  /** The graph's entry for a variable, where the function read or reassigned it. */
  variableState(variable: tf.Variable, value: Value): { entry: GraphVariable; variable: tf.Variable }[] {
    const wasRead = this.#read.has(value)
    const next = this.lookUp(variable)
    if (next !== value) return [{ entry: { name: variable.name, value, next }, variable }]
    return wasRead ? [{ entry: { name: variable.name, value }, variable }] : []
  }
}

/** tfjs lets tensors of different shapes share memory; in a graph each has a value of its own, made by Reshape. */
function sameShape(value: Value, tensor: tf.TensorInfo): Value {
  if (value.shape.length !== tensor.shape.length || value.shape.some((size, i) => size !== tensor.shape[i])) {
    throw new Error(
      `compile: a tensor of shape [${tensor.shape}] shares memory with one of shape [${value.shape}]`,
    )
  }
  return value
}
