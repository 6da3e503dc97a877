import {
  checkShape,
  deserialize,
  dispose,
  expected,
  type Key,
  type NamedTensors,
  serialize,
} from '@sgm/tensor'

/** Where checkpoints are kept: one value that each save replaces whole. */
export interface CheckpointStore {
  /** The last value saved, or undefined. */
  load(): Promise<Uint8Array | undefined>
  /** Must replace the old value all at once: after a crash, either is there, never half of one. */
  save(bytes: Uint8Array, step: number): Promise<void>
}

/** When and where a run saves its state; a run whose store holds a checkpoint resumes from it. */
export interface CheckpointOptions {
  readonly store: CheckpointStore
  /** Steps between two saves, >= 1; the last step and an aborted run are saved too. @default 1000 */
  readonly every?: number
}

/** Everything that the next step depends on. */
export interface TrainingState {
  readonly parameters: NamedTensors
  readonly slots: NamedTensors
  readonly ema: NamedTensors
}

/** The parts of a run that are no tensors. */
export interface Progress {
  readonly step: number
  readonly key: Key
  /** Σ 0.01 · 0.99^{n−i} lossᵢ */
  readonly lossSum: number
}

const FORMAT = 'sgm-training-1'
const PARTS = ['parameters', 'slots', 'ema'] as const

/**
 * A run's state as one safetensors file.
 *
 * @throws RangeError when a value is not finite: such a state is not worth keeping.
 */
export async function encodeCheckpoint(
  state: TrainingState,
  { step, key, lossSum }: Progress,
): Promise<Uint8Array> {
  const tensors = Object.fromEntries(
    PARTS.flatMap((part) => Object.entries(state[part]).map(([name, x]) => [`${part}/${name}`, x])),
  )
  for (const [name, x] of Object.entries(tensors)) {
    if (!(await x.data()).every(Number.isFinite))
      throw expected('train', `finite values in ${name}`, 'NaN or infinity')
  }
  return serialize(tensors, {
    format: FORMAT,
    step: String(step),
    key: key.words.join(','),
    lossSum: String(lossSum),
  })
}

/**
 * The state a file holds, if it fits the run: the same tensors of the same shapes, the same key.
 *
 * @throws RangeError when the file is no checkpoint, is damaged, or belongs to another run.
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  like: TrainingState,
  key: Key,
): { state: TrainingState; progress: Progress } {
  const { tensors, metadata } = deserialize(bytes)
  try {
    const { step, lossSum } = progressIn('train', metadata)
    if (metadata.key !== key.words.join(',')) {
      throw expected('train', `a checkpoint of key ${key.words.join(',')}`, metadata.key)
    }
    const names = PARTS.flatMap((part) => Object.keys(like[part]).map((name) => `${part}/${name}`))
    const missing = names.find((name) => !(name in tensors))
    const extra = Object.keys(tensors).find((name) => !names.includes(name))
    if (missing !== undefined || extra !== undefined) {
      const difference = missing !== undefined ? `one without ${missing}` : `one with ${extra}`
      throw expected('train', 'a checkpoint of this model and optimizer', difference)
    }
    const state = Object.fromEntries(
      PARTS.map((part) => [
        part,
        Object.fromEntries(
          Object.entries(like[part]).map(([name, x]) => {
            const saved = tensors[`${part}/${name}`]!
            checkShape('train', `checkpoint tensor ${part}/${name}`, saved.shape, x.shape)
            return [name, saved]
          }),
        ),
      ]),
    ) as unknown as TrainingState
    return { state, progress: { step, key, lossSum } }
  } catch (error) {
    dispose(tensors)
    throw error
  }
}

/** What {@link checkpointWeights} finds; the tensors are the caller's to free. */
export interface CheckpointWeights {
  /** Steps taken before the checkpoint. */
  readonly step: number
  readonly parameters: NamedTensors
  /** Their moving average, or the parameters where none was kept. */
  readonly ema: NamedTensors
}

/**
 * Takes the weights out of a checkpoint that `train` saved, for use without the run that it belongs to.
 *
 * ```ts
 * const { ema } = checkpointWeights(await readFile('run/checkpoint.safetensors'))
 * const score = bind(model, ema)
 * ```
 *
 * @throws RangeError when the file is no checkpoint or is damaged.
 */
export function checkpointWeights(bytes: Uint8Array): CheckpointWeights {
  const { tensors, metadata } = deserialize(bytes)
  try {
    const { step } = progressIn('checkpointWeights', metadata)
    const [parameters, ema] = [within(tensors, 'parameters/'), within(tensors, 'ema/')]
    dispose(within(tensors, 'slots/'))
    return { step, parameters, ema: Object.keys(ema).length > 0 ? ema : parameters }
  } catch (error) {
    dispose(tensors)
    throw error
  }
}

function progressIn(
  where: string,
  metadata: Readonly<Record<string, string>>,
): { readonly step: number; readonly lossSum: number } {
  const step = Number(metadata.step)
  const lossSum = Number(metadata.lossSum)
  if (metadata.format !== FORMAT || !Number.isSafeInteger(step) || step < 0 || !Number.isFinite(lossSum)) {
    throw expected(where, `a checkpoint of format ${FORMAT}`, JSON.stringify(metadata))
  }
  return { step, lossSum }
}

function within(tensors: NamedTensors, prefix: string): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, x]) => [name.slice(prefix.length), x]),
  )
}
