import * as tf from '@tensorflow/tfjs'
import { checkSizes } from '../check/sizes'
import { type Draw, type DrawOf, hostValues } from '../random/host-values'
import { type Derivation, derivationOf } from '../random/traced-key'
import { raw, wrap } from '../tf'
import type { Tensor } from '../types'
import type { Constant, GraphDraw, GraphVariable, Node, Site, Value } from './graph'
import { graphDType, type Recording } from './recording-backend'
import { share } from './share'
import { at, callSite, lazySite } from './site'

/** A tensor from outside of the traced function. */
export interface Captured {
  readonly value: Value
  readonly tensor: Tensor
}

/** What one trace has seen, and the tensors that stand for values to come. */
export class Recorder implements Recording {
  readonly nodes: Node[] = []
  readonly constants: Constant[] = []
  readonly draws: GraphDraw[] = []
  /** Tensors from outside: constants whose values are yet to be read, and whose memory is held. */
  readonly captured: Captured[] = []
  failure: Error | undefined
  readonly #values = new Map<object, Value>()
  readonly #outside = new Map<object, Map<string, Value>>()
  readonly #read = new Set<Value>()
  #nextId = 0

  define(dataId: object, shape: readonly number[], dtype: Value['dtype']): Value {
    const value: Value = { id: this.#nextId++, shape: [...shape], dtype }
    this.#values.set(dataId, value)
    return value
  }

  site(): Site | undefined {
    return lazySite()
  }

  /** The value first kept under a data id of this trace. */
  valueOf(dataId: object): Value {
    return this.#values.get(dataId)!
  }

  lookUp(tensor: tf.TensorInfo): Value {
    const known = this.#values.get(tensor.dataId)
    if (!known) return this.#capture(tensor)
    this.#read.add(known)
    return known
  }

  /** A tensor without values. */
  placeholder(shape: readonly number[], dtype: Value['dtype']): Tensor {
    const dataId = tf.backend().write(null!, [...shape], dtype)
    this.define(dataId, shape, dtype)
    return wrap(tf.engine().makeTensorFromDataId(dataId as tf.DataId, [...shape], dtype))
  }

  /** Puts a value of the trace into a variable. */
  adopt(variable: tf.Variable): Value {
    const value = raw(this.placeholder(variable.shape, graphDType('a variable', variable.dtype)))
    variable.assign(value)
    return this.valueOf(value.dataId)
  }

  /** The graph's entry for a variable, where the function read or reassigned it. */
  variableState(variable: tf.Variable, value: Value): { entry: GraphVariable; variable: tf.Variable }[] {
    const wasRead = this.#read.has(value)
    const next = this.lookUp(variable)
    if (next !== value) return [{ entry: { name: variable.name, value, next }, variable }]
    return wasRead ? [{ entry: { name: variable.name, value }, variable }] : []
  }

  /** The tensor of a draw. @throws Error when its key does not come from an argument. */
  draw({ key, ...draw }: Draw): Tensor {
    const derivation = derivationOf(key)
    if (!derivation) {
      throw new Error(
        `compile: expected ${draw.kind} to draw from a key among the arguments, got another key${at(callSite())}. Its numbers ` +
          'would be the same at every call: pass the key in, or draw outside and pass the tensor in',
      )
    }
    return this.drawFrom(derivation, draw)
  }

  protected drawFrom(derivation: Derivation, draw: DrawOf): Tensor {
    checkSizes(draw.kind, draw.shape)
    // Whether the rest of it is possible shows when it is made, of no values already.
    hostValues({ ...draw, shape: [0], key: { words: [0, 0] } })
    const dtype = draw.kind === 'choice' || draw.kind === 'permutation' ? 'int32' : 'float32'
    const tensor = this.placeholder(draw.shape, dtype)
    this.draws.push({ value: this.valueOf(raw(tensor).dataId), draw, derivation })
    return tensor
  }

  throwIfFailed(): void {
    if (this.failure) throw this.failure
  }

  /** A tensor from outside as a constant; tfjs lets tensors of different shapes and element types share memory. */
  #capture({ dataId, shape, dtype }: tf.TensorInfo): Value {
    const views = this.#outside.get(dataId) ?? new Map<string, Value>()
    this.#outside.set(dataId, views)
    const view = `${dtype} ${shape}`
    const known = views.get(view)
    if (known) return known
    const value = {
      id: this.#nextId++,
      shape: [...shape],
      dtype: graphDType('a tensor from outside', dtype),
    }
    views.set(view, value)
    // On some backends values cannot be read at once: the trace goes on, and they are read when it has ended.
    this.captured.push({ value, tensor: wrap(share({ dataId, shape, dtype })) })
    return value
  }
}
