import { callOf, type Graph, type Value } from '@sgm/tensor/compile'
import type * as Ort from 'onnxruntime-common'
import { valueInfo } from './builder'
import { encodeModel } from './encode-model'
import { toModel } from './model'
import { elementType, type ModelProto } from './proto'
import { openSession, type RuntimeOptions, runtimeOf } from './runtime'

/**
 * Runs sessions whose results are wanted in given buffers alone. onnxruntime-node writes them there and then returns each as a copy in new
 * memory: for a small U-Net's state these copies, and the garbage collection that they set off every few steps, took as long as the step
 * itself. When a model's first output is not a tensor, it computes everything and returns nothing, but throws.
 */
export interface InPlace {
  /** The model that {@link InPlace.run} wants. */
  prepared(model: ModelProto): ModelProto
  /** Fills the tensors of `fetches`, which must be all of the model's outputs. @throws Error of the run. */
  run(session: Ort.InferenceSession, feeds: Tensors, fetches: Tensors): Promise<void>
}

type Tensors = Readonly<Record<string, Ort.Tensor>>

const NOTHING = 'nothing'

let known: Promise<InPlace | undefined> | undefined

/** How to run in place; nothing where the runtime does not work so, as tried once. */
export async function inPlace(options: RuntimeOptions): Promise<InPlace | undefined> {
  if ((await runtimeOf(options)) !== 'node') return undefined
  known ??= tried().catch((error: unknown) => {
    known = undefined
    throw error
  })
  return known
}

/** Doubles a number in place. */
async function tried(): Promise<InPlace | undefined> {
  const a: Value = { id: 0, shape: [1], dtype: 'float32' }
  const output: Value = { ...a, id: 1 }
  const nodes = [callOf('Add', { a, b: a }, {}, output)]
  const graph: Graph = { inputs: [a], draws: [], constants: [], variables: [], nodes, outputs: [output] }
  const { proto } = toModel(graph, { inputs: ['x'], outputs: ['y'] })
  const { session, Tensor } = await openSession(encodeModel(returningNothing(proto)), {
    runtime: 'node',
    threads: 1,
  })
  const y = new Tensor('float32', new Float32Array(1), [1])
  const x = new Tensor('float32', Float32Array.of(2), [1])
  const refusal = await session.run({ x }, { [NOTHING]: null, y }).then(
    () => undefined,
    ({ message }: Error) => message,
  )
  await session.release()
  if (refusal === undefined || y.data[0] !== 4) return undefined
  return {
    prepared: returningNothing,
    run: (session, feeds, fetches) =>
      session.run(feeds, { [NOTHING]: null, ...fetches }).then(
        () => {},
        (error: Error) => {
          if (error.message !== refusal) throw error
        },
      ),
  }
}

/** The model with a sequence as its first output. */
function returningNothing({ graph, ...model }: ModelProto): ModelProto {
  const item = `${NOTHING}_item`
  const elemType = valueInfo(item, 'float32', []).type
  return {
    ...model,
    graph: {
      ...graph,
      node: [
        ...graph.node,
        { opType: 'SequenceConstruct', input: [item], output: [NOTHING], name: NOTHING, attribute: [] },
      ],
      initializer: [
        ...graph.initializer,
        { name: item, dims: [], dataType: elementType.float32, rawData: new Uint8Array(4) },
      ],
      output: [{ name: NOTHING, type: { sequenceType: { elemType } } }, ...graph.output],
    },
  }
}
