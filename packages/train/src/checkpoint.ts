import { deserialize, dispose, type Key, key, type NamedTensors, serialize } from '@sgm/tensor'
import { checkBytes, checkShape, checkStrings, expected, objectOf } from '@sgm/tensor/check'
import { CHECKSUM, checkSeal, seal, UNSEALED } from './seal'

/** Where checkpoints are kept: one value that each save replaces whole. */
export interface CheckpointStore {
  /** The last value saved, or undefined. */
  load(): Promise<Uint8Array | undefined>
  /**
   * Must replace the old value all at once: after a crash, either is there, never half of one.
   *
   * @param step Steps taken before the checkpoint.
   */
  save(bytes: Uint8Array, step: number): Promise<void>
}

/** When and where a run saves its state; a run whose store holds a checkpoint resumes from it. */
export interface CheckpointOptions {
  readonly store: CheckpointStore
  /**
   * Steps between two saves, >= 1. Saved too are the last step, that of an aborted run, and the last one before the data or an
   * evaluation fail.
   * @default 1000
   */
  readonly every?: number
  /**
   * Kept in every checkpoint: what the run's bits depend on beside the options of `train`, such as a hash of a
   * configuration or the engine it runs on. @default nothing
   */
  readonly notes?: Notes
  /** Called with what a checkpoint says of itself before a run goes on from it; an error from here refuses to. */
  readonly onResume?: (saved: CheckpointInfo) => void | Promise<void>
}

/** Texts by name, kept beside a run's state. */
export type Notes = Readonly<Record<string, string>>

/** What a checkpoint says of itself. */
export interface CheckpointInfo {
  /** Steps taken before the checkpoint. */
  readonly step: number
  /** The {@link CheckpointOptions.notes} it was saved with. */
  readonly notes: Notes
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

const FORMAT = 'sgm-training-2'
const PARTS = ['parameters', 'slots', 'ema'] as const
const NOTE = 'note.'

/** The first of a state's tensors that holds NaN or an infinity. */
export async function nonFinite(state: TrainingState): Promise<string | undefined> {
  for (const [name, x] of Object.entries(flat(state))) {
    if (!(await x.data()).every(Number.isFinite)) return name
  }
  return undefined
}

/** A run's state as one safetensors file, sealed by a checksum of every byte. */
export async function encodeCheckpoint(
  state: TrainingState,
  { step, key, lossSum }: Progress,
  notes: Notes = {},
): Promise<Uint8Array> {
  return seal(
    await serialize(flat(state), {
      [CHECKSUM]: UNSEALED,
      format: FORMAT,
      step: String(step),
      key: key.words.join(','),
      lossSum: String(lossSum),
      ...Object.fromEntries(Object.entries(notes).map(([name, text]) => [NOTE + name, text])),
    }),
  )
}

/**
 * The state a file holds, if it fits the run: the same tensors of the same shapes, the same key.
 *
 * @param onResume Asked first: what it knows of the run says more than a key or a shape.
 * @throws RangeError when the file is no checkpoint, is damaged, or belongs to another run.
 */
export async function decodeCheckpoint(
  bytes: Uint8Array,
  like: TrainingState,
  key: Key,
  onResume?: CheckpointOptions['onResume'],
): Promise<{ state: TrainingState; progress: Progress }> {
  const { tensors, words, step, lossSum, notes } = open('train', bytes)
  try {
    await onResume?.({ step, notes })
    if (words !== key.words.join(',')) {
      throw expected('train', `a checkpoint of key ${key.words.join(',')}`, words)
    }
    const wanted = flat(like)
    const missing = Object.keys(wanted).find((name) => !Object.hasOwn(tensors, name))
    const extra = Object.keys(tensors).find((name) => !Object.hasOwn(wanted, name))
    if (missing !== undefined || extra !== undefined) {
      const difference = missing !== undefined ? `one without ${missing}` : `one with ${extra}`
      throw expected('train', 'a checkpoint of this model and optimizer', difference)
    }
    for (const [name, x] of Object.entries(wanted)) {
      checkShape('train', `checkpoint tensor ${name}`, tensors[name]!.shape, x.shape)
    }
    return { state: parts(tensors), progress: { step, key, lossSum } }
  } catch (error) {
    dispose(tensors)
    throw error
  }
}

/** What {@link checkpointWeights} finds; the tensors are the caller's to free. */
export interface CheckpointWeights extends CheckpointInfo {
  readonly parameters: NamedTensors
  /** Their moving average, or the parameters where none was kept. */
  readonly ema: NamedTensors
}

/**
 * Takes the weights out of a checkpoint that `train` saved, for use without the run that it belongs to.
 *
 * @param bytes Stays the caller's; nothing of it is kept.
 * @throws RangeError when the file is no checkpoint, or a single bit of it has changed. TypeError when `bytes` is no byte array.
 * @example
 * const read = async () =>
 *   checkpointWeights(await readFile('run/checkpoint.safetensors'))
 */
export function checkpointWeights(bytes: Uint8Array | ArrayBuffer): CheckpointWeights {
  checkBytes('checkpointWeights', { bytes })
  const { tensors, step, notes } = open('checkpointWeights', bytes)
  const { parameters, slots, ema } = parts(tensors)
  dispose(slots)
  return { step, notes, parameters, ema: Object.keys(ema).length > 0 ? ema : parameters }
}

/**
 * A checkpoint with the averaged weights alone, which {@link checkpointWeights} reads and no run goes on from: what programs
 * and pages sample with, a quarter of a checkpoint with Adam's moments.
 *
 * @param bytes A checkpoint that `train` saved; stays the caller's.
 * @param notes In place of the checkpoint's own, which may say what is not for everyone, such as a path.
 * @throws RangeError when the file is no checkpoint, or a single bit of it has changed. TypeError when `bytes` is no byte array.
 * @example
 * const shrink = async () => {
 *   const bytes = await readFile('run/checkpoint.safetensors')
 *   await writeFile('weights.safetensors', await averagedCheckpoint(bytes))
 * }
 */
export async function averagedCheckpoint(
  bytes: Uint8Array | ArrayBuffer,
  notes?: Notes,
): Promise<Uint8Array> {
  checkBytes('averagedCheckpoint', { bytes })
  if (notes !== undefined) checkStrings('averagedCheckpoint', objectOf('averagedCheckpoint', notes, 'notes by name')) // biome-ignore format: names
  const { tensors, step, notes: own } = open('averagedCheckpoint', bytes)
  try {
    const { parameters, ema } = parts(tensors)
    const averaged = Object.keys(ema).length > 0 ? ema : parameters
    const progress = { step, key: key(0), lossSum: 0 }
    return await encodeCheckpoint({ parameters: averaged, slots: {}, ema: {} }, progress, notes ?? own)
  } finally {
    dispose(tensors)
  }
}

/** What a checkpoint holds; its tensors are freed where it is damaged. */
function open(where: string, bytes: Uint8Array | ArrayBuffer) {
  const { tensors, metadata } = deserialize(bytes)
  try {
    const step = Number(metadata.step)
    const lossSum = Number(metadata.lossSum)
    if (metadata.format !== FORMAT || !Number.isSafeInteger(step) || step < 0 || !Number.isFinite(lossSum)) {
      throw expected(where, `a checkpoint of format ${FORMAT}`, JSON.stringify(metadata))
    }
    checkSeal(where, bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes))
    return { tensors, words: metadata.key, step, lossSum, notes: within(metadata, NOTE) }
  } catch (error) {
    dispose(tensors)
    throw error
  }
}

/** The tensors of a state under the names they have in a file. */
function flat(state: TrainingState): NamedTensors {
  return Object.fromEntries(
    PARTS.flatMap((part) => Object.entries(state[part]).map(([name, x]) => [`${part}/${name}`, x])),
  )
}

function parts(tensors: NamedTensors): TrainingState {
  const [parameters, slots, ema] = PARTS.map((part) => within(tensors, `${part}/`))
  return { parameters: parameters!, slots: slots!, ema: ema! }
}

/** What lies under names with a prefix, without it. */
function within<T>(named: Readonly<Record<string, T>>, prefix: string): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}
