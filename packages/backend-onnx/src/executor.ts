import type { Executor } from '@sgm/tensor'
import { type Graph, type HostExecutor, hostExecutor } from '@sgm/tensor/compile'
import { mergesOf, Sharing } from '#native'
import { inBlocks } from './blocks'
import { channelBlockOf } from './channel-block'
import { encodeModel } from './encode-model'
import { inPlace } from './in-place'
import { type Model, toModel } from './model'
import { packingUpdates } from './packed-state'
import { checkOptions, openSession, type RuntimeOptions, threadsOf } from './runtime'
import { Session } from './session'
import { SharedSessions } from './shared-sessions'
import { spinOf } from './spin'

/**
 * Elements that one thread works on at a time where large values are cut: some such values fit into the cache of a core. ONNX Runtime
 * leaves sums and products of fewer than 50 000 elements a thread to one thread.
 */
const TILE = 1 << 16

/**
 * Elements that one thread works on at a time where the examples of a batch are worked on in blocks: more than tiles have, since a block's
 * matrix products are cut too, and small ones are slower.
 */
const BLOCK = 1 << 17

/** Options of {@link onnx}. */
export interface OnnxOptions extends RuntimeOptions {}

/**
 * An executor for `compile` that runs graphs on ONNX Runtime.
 *
 * Needs the package `onnxruntime-node` (Node: native CPU kernels) or `onnxruntime-web` (browsers: WebAssembly, with threads
 * where the page is cross-origin isolated).
 *
 * @throws RangeError when an option is out of range.
 * @example
 * const network = mlp({ dims: 2 })
 * const score = compile(bind(network, network.init(key(0))), { executor: onnx() })
 * const y = await score(zeros([8, 2]), ones([8]))
 * y.shape // → [8, 2]
 * await score.dispose()
 */
export function onnx(options: OnnxOptions = {}): Executor {
  checkOptions('onnx', options)
  const threads = threadsOf(options)
  const write = async (graph: Graph, ofThreads = threads): Promise<Model> => {
    const channelBlock = await channelBlockOf(options, graph)
    const how = { tile: TILE * ofThreads, channelBlock, mergesOf }
    return toModel(inBlocks(graph, BLOCK * ofThreads), undefined, how)
  }
  const open = async (graph: Graph, { proto, ...names }: Model): Promise<Session> => {
    const changes = graph.variables.some(({ next }) => next)
    const how = changes ? await inPlace(options) : undefined
    const opened = await openSession(encodeModel(how?.prepared(proto) ?? proto), options, {
      spin: spinOf(graph),
    })
    return new Session(graph, names, { ...opened, inPlace: how })
  }
  const shared = new SharedSessions(write)
  const whole: HostExecutor = {
    name: 'onnx',
    async load(graph, variables, family) {
      const model = await write(graph)
      const executable = await (family
        ? shared.load(graph, model, family, (one) => open(graph, one))
        : open(graph, model))
      await executable.writeVariables(variables)
      return executable
    },
  }
  const sharing = new Sharing(options, write, whole)
  return hostExecutor(
    packingUpdates({
      name: 'onnx',
      load: async (graph, variables, family) =>
        (await sharing.load(graph, variables, family)) ?? whole.load(graph, variables, family),
    }),
  )
}
