import { checkFunctions, checkLists, checkOneOf, expected, optionsOf } from '@sgm/tensor/check'
import {
  batchOf,
  type Flattened,
  flattenArguments,
  type Graph,
  type InputSpec,
  readValues,
  traceToGraph,
  withBatch,
} from '@sgm/tensor/compile'
import { BATCHES } from './batch-pattern'
import { mergeBatches } from './dynamic-batch'
import { encodeModel } from './encode-model'
import { type ModelNames, toModel } from './model'

/** Options of {@link toOnnx}. */
export interface ToOnnxOptions {
  /** Names for the model's inputs, in the order of the arguments' tensors. @default input_0, input_1, … */
  readonly inputs?: readonly string[]
  /** Names for its outputs. @default output_0, output_1, … */
  readonly outputs?: readonly string[]
  /**
   * `'dynamic'`: the model takes any batch size, the batch being axis 0 of the first argument and of those as long. `'fixed'`: the
   * example's.
   *
   * @default 'dynamic'
   */
  readonly batch?: 'dynamic' | 'fixed'
}

/**
 * Writes a function as an ONNX model (opset 18): the bytes of an `.onnx` file for any ONNX runtime.
 *
 * Variables and other tensors from outside are written with the values they have now.
 *
 * @param fn A pure function of tensors.
 * @param exampleArgs Arguments of the shapes to write for; their values do not matter.
 * @throws RangeError when an option is out of range.
 * @throws Error when the function cannot be traced or written, reassigns variables, draws, or depends on the batch size in more than
 *   shapes; the message says how.
 * @example
 * const { score } = gaussianMixture().diffused(vp())
 * const names = { inputs: ['x', 't'], outputs: ['score'] }
 * const bytes = await toOnnx(score, [zeros([1, 2]), zeros([1])], names)
 * await writeFile('score.onnx', bytes)
 */
export async function toOnnx<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  exampleArgs: A,
  options: ToOnnxOptions = {},
): Promise<Uint8Array> {
  const {
    inputs,
    outputs,
    batch = 'dynamic',
  } = optionsOf('toOnnx', options, { inputs: true, outputs: true, batch: true })
  checkFunctions('toOnnx', { fn })
  checkLists('toOnnx', { exampleArgs })
  checkOneOf('toOnnx', { batch }, ['dynamic', 'fixed'])
  const example = flattenArguments('toOnnx: arguments', exampleArgs)
  const write = async (specs: readonly InputSpec[]) => {
    const graph = await frozenGraph(fn, example, specs)
    const names: ModelNames = {
      inputs: named('inputs', inputs, 'input', graph.inputs.length),
      outputs: named('outputs', outputs, 'output', graph.outputs.length),
    }
    return toModel(graph, names)
  }
  if (batch === 'fixed' || batchOf(example.tensors) === undefined)
    return encodeModel((await write(example.tensors)).proto)
  const at = async (size: number) => ({ ...(await write(withBatch(example.tensors, size))), batch: size })
  const first = await at(BATCHES[0])
  return encodeModel(mergeBatches([first, await at(BATCHES[1]), await at(BATCHES[2])], first.inputs[0]!))
}

/** The graph with its variables as constants. */
async function frozenGraph<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  example: Flattened,
  specs: readonly InputSpec[],
): Promise<Graph> {
  const { graph, variables } = await traceToGraph(fn, example, specs)
  const assigned = graph.variables.find(({ next }) => next)
  if (assigned) throw expected('toOnnx', 'a function that reassigns no variable', assigned.name)
  const [drawn] = graph.draws
  if (drawn) throw expected('toOnnx', 'a function without draws (pass them in)', drawn.draw.kind)
  const values = await Promise.all(variables.map(readValues))
  const constants = graph.variables.map(({ value }, i) => ({ value, data: values[i]! }))
  return { ...graph, variables: [], constants: [...graph.constants, ...constants] }
}

function named(
  what: string,
  given: readonly string[] | undefined,
  stem: string,
  count: number,
): readonly string[] {
  if (given !== undefined) checkLists('toOnnx', { [what]: given })
  const names = given ?? Array.from({ length: count }, (_, i) => `${stem}_${i}`)
  if (names.length !== count || new Set(names).size !== count || !names.every(isName)) {
    throw expected('toOnnx', `${count} different names in ${what}`, names)
  }
  return names
}

const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''
