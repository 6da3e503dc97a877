import * as tf from '@tensorflow/tfjs'
import { releaseTape } from '../autodiff/tape'
import type { Key } from '../random/key'
import { withRecordedDraws } from '../random/recorded-draw'
import { tracedKey } from '../random/traced-key'
import { raw } from '../tf'
import type { Tensor, Variable } from '../types'
import type { Graph, Value } from './graph'
import { type Captured, Recorder } from './recorder'
import { graphDType, isGraphDType, withRecording } from './recording-backend'
import { share } from './share'
import { at, callSite, withDeepStacks } from './site'

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
  /** Its constants are those made inside. */
  readonly graph: Graph
  /** Constants from outside: to be read, and freed. */
  readonly captured: readonly Captured[]
  /** The tensors behind `graph.variables`. */
  readonly variables: readonly Variable[]
  /** Not empty when the function made variables, as optimisers do in their first step. */
  readonly created: readonly NewVariable[]
}

/**
 * Records the kernel calls of `fn`, which gets a tensor for each of `specs` and `keyCount` keys, and returns the outputs. Nothing
 * is computed; variables keep the values they have. When `fn` throws, the variables it made are freed.
 */
export function trace(
  specs: readonly InputSpec[],
  keyCount: number,
  fn: (inputs: readonly Tensor[], keys: readonly Key[]) => readonly Tensor[],
): Trace {
  const recorder = new Recorder()
  const engine = tf.engine()
  const before = Object.values(engine.registeredVariables).filter(({ dtype }) => isGraphDType(dtype))
  const keepers = before.map((variable) => share(variable))
  const created: { variable: tf.Variable; initial: object }[] = []
  const makeVariable = engine.makeVariable
  engine.makeVariable = (...args) => {
    const variable = makeVariable.apply(engine, args)
    created.push({ variable, initial: variable.dataId })
    return variable
  }
  engine.startScope('trace')
  const run = (): Trace => {
    // Variables may share memory; each gets a value of its own.
    const initial = before.map((variable) => recorder.adopt(variable))
    const inputs = specs.map(({ shape, dtype }) =>
      recorder.placeholder(shape, graphDType('an argument', dtype)),
    )
    const values = inputs.map((input) => recorder.lookUp(raw(input)))
    const keys = Array.from({ length: keyCount }, (_, argument) => tracedKey({ argument, path: [] }))
    const results = withRecordedDraws(
      (draw) => recorder.draw(draw),
      () => fn(inputs, keys),
    )
    recorder.throwIfFailed()
    const outputs = results.map((output) => recorder.lookUp(raw(output)))
    const state = before.flatMap((variable, i) => recorder.variableState(variable, initial[i]!))
    return {
      graph: {
        inputs: values,
        draws: recorder.draws,
        constants: recorder.constants,
        variables: state.map(({ entry }) => entry),
        nodes: recorder.nodes,
        outputs,
      },
      captured: recorder.captured,
      variables: state.map(({ variable }) => variable as unknown as Variable),
      created: created.map(({ variable, initial }) => ({
        variable: variable as unknown as Variable,
        initial: recorder.valueOf(initial),
      })),
    }
  }
  try {
    return withDeepStacks(() => withRecording(recorder, run))
  } catch (error) {
    releaseTape()
    for (const { variable } of created) variable.dispose()
    for (const { tensor } of recorder.captured) tensor.dispose()
    throw recorder.failure ?? explained(error)
  } finally {
    engine.makeVariable = makeVariable
    before.forEach((variable, i) => {
      variable.assign(keepers[i]!)
    })
    tf.dispose(keepers)
    engine.endScope()
  }
}

/** tfjs's error for a kernel that the recording backend lacks, in the user's terms. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const kernel = /^Kernel '(\w+)' not registered for backend/.exec(error.message)?.[1]
  if (!kernel) return error
  return new Error(
    `compile: expected kernels that can be traced, got ${kernel}${at(callSite(error.stack))}`,
    {
      cause: error,
    },
  )
}
