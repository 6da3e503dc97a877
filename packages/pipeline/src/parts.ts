import { type FromOnnxOptions, fromOnnx, type OnnxModel, type OnnxScore, openOnnx } from '@sgm/backend-onnx'
import type { Folder, Json } from './folder'
import type { OpenPipelineOptions } from './options'
import { openTokenizer, type Tokenizer } from './tokenizer'

/** The parts of a pipeline, each opened when it is first needed. */
export interface Parts {
  /** `model_index.json`. */
  readonly index: Json
  /** Whether the folder has a part's model. */
  has(name: string): boolean
  /** A part's `config.json`. @throws RangeError when there is none. */
  config(name: string): Promise<Json>
  model(name: string): Promise<OnnxModel>
  /** The network that predicts. */
  network(name: string, options: FromOnnxOptions): Promise<OnnxScore>
  tokenizer(name: string): Promise<Tokenizer>
  dispose(): Promise<void>
}

/** Opens parts of a folder, and keeps them. */
export function partsOf(folder: Folder, index: Json, runtime: OpenPipelineOptions): Parts {
  const models = new Map<string, Promise<OnnxModel | OnnxScore>>()
  const tokenizers = new Map<string, Promise<Tokenizer>>()
  return {
    index,
    has: (name) => folder.has(`${name}/model.onnx`),
    config: (name) => folder.json(`${name}/config.json`),
    model: (name) =>
      kept(models as Map<string, Promise<OnnxModel>>, name, async () => {
        const { source, externalData } = await folder.model(name)
        return openOnnx(source, { ...runtime, externalData })
      }),
    network: (name, options) =>
      kept(models as Map<string, Promise<OnnxScore>>, name, async () => {
        const { source, externalData } = await folder.model(name)
        return fromOnnx(source, { ...runtime, ...options, externalData })
      }),
    tokenizer: (name) => kept(tokenizers, name, () => openTokenizer(folder, name)),
    async dispose() {
      const open = await Promise.allSettled(models.values())
      models.clear()
      await Promise.all(open.map((model) => model.status === 'fulfilled' && model.value.dispose()))
    },
  }
}

/** What was made before; what failed is tried anew. */
function kept<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const before = made.get(name)
  if (before) return before
  const making = make()
  made.set(name, making)
  making.catch(() => made.delete(name))
  return making
}
