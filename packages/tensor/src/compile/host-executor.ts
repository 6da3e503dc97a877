import { tensor } from '../ops/create'
import { hostValues } from '../random/host-values'
import type { Tensor, TypedArray } from '../types'
import type { Executor } from './executor'
import { type GraphFamily, mapFamily } from './family'
import type { Graph, Value } from './graph'
import { valuesAs } from './values'

/** An executor on arrays of the host. Draws are inputs like any other, after the arguments: the graphs it gets have none of their own. */
export interface HostExecutor {
  readonly name: string
  /** @throws Error that names the kernel, when the graph holds one that the executor does not know. */
  load(graph: Graph, variables: readonly TypedArray[], family?: GraphFamily): Promise<HostExecutable>
}

/** What a {@link HostExecutor} makes of a graph. */
export interface HostExecutable {
  /** Values for `graph.inputs`, in order → values of `graph.outputs`, in order; updates the variables. Calls do not overlap. */
  run(inputs: readonly TypedArray[]): Promise<readonly TypedArray[]>
  /**
   * The variables' current values, in the order of `graph.variables`.
   *
   * @param wanted Which are wanted: of the others, nothing may be there. @default all
   */
  readVariables(wanted?: ReadonlySet<number>): Promise<readonly TypedArray[]>
  writeVariables(values: readonly TypedArray[]): Promise<void>
  dispose(): Promise<void>
}

/**
 * The executor that reads tensors to the host, draws there, and makes tensors of what comes back.
 *
 * @param host What loads and runs graphs on arrays.
 * @example
 * const executor = hostExecutor(interpreter)
 * const double = compile((x: Tensor) => mul(x, 2), { executor })
 * await double(tensor([1, 2])) // → [2, 4]
 */
export function hostExecutor(host: HostExecutor): Executor {
  return {
    name: host.name,
    async load(graph, variables, family) {
      const executable = await host.load(
        withDrawsAsInputs(graph),
        await readAll(variables),
        family && mapFamily(family, withDrawsAsInputs),
      )
      const { draws } = graph
      const outputs = graph.outputs.map(specOf)
      const state = graph.variables.map(({ value }) => specOf(value))
      return {
        async run(inputs, keys) {
          const values = draws.map(({ draw }, i) => hostValues({ ...draw, key: keys[i]! }))
          return tensors(await executable.run([...(await readAll(inputs)), ...values]), outputs)
        },
        readVariables: async () => tensors(await executable.readVariables(), state),
        writeVariables: async (values) => executable.writeVariables(await readAll(values)),
        dispose: () => executable.dispose(),
      }
    },
  }
}

function withDrawsAsInputs(graph: Graph): Graph {
  return { ...graph, inputs: [...graph.inputs, ...graph.draws.map(({ value }) => value)], draws: [] }
}

/**
 * A tensor's values, in the array of its type.
 *
 * @example
 * await readValues(tensor([1, 2])) // → [1, 2]
 */
export async function readValues(x: Tensor): Promise<TypedArray> {
  return valuesAs(x.dtype, await x.data())
}

const readAll = (tensors: readonly Tensor[]): Promise<TypedArray[]> => Promise.all(tensors.map(readValues))

type Spec = Pick<Value, 'shape' | 'dtype'>

/** All that is needed of a value when the graph is gone. */
const specOf = ({ shape, dtype }: Value): Spec => ({ shape, dtype })

function tensors(values: readonly TypedArray[], specs: readonly Spec[]): Tensor[] {
  return values.map((data, i) => tensor(data, specs[i]!.shape, specs[i]!.dtype))
}
