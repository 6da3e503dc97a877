import { ema } from '@sgm/score'
import {
  type Compiled,
  compile,
  dispose,
  foldIn,
  fromNowOn,
  type Key,
  type NamedTensors,
  scalar,
  scoped,
  settle,
  split,
  stack,
  type Tensor,
  tensorsIn,
  tidy,
} from '@sgm/tensor'
import { checkAtLeast, checkFinite, objectOf } from '@sgm/tensor/check'
import { checkedBatch, checkNamed, checkOptions } from './check-options'
import { encodeCheckpoint, nonFinite, type TrainingState } from './checkpoint'
import { DivergedError, describeLast } from './diverged'
import { adam } from './optimizers/adam'
import { warmUp } from './rate'
import { resumeState, startState } from './state'
import type { TrainingRun, TrainingStep, TrainOptions } from './types'
import { trainingUpdate, type UpdateInput, type UpdateOutput } from './update'

const LOSS_DECAY = 0.99

/**
 * Minimises a score-matching objective over a network's parameters.
 *
 * Returns a {@link TrainingRun}: iterate over it, a {@link TrainingStep} for each step, or for every `reportEvery`-th. A run
 * that is stopped at any moment and started again with the same options and checkpoint store ends with the very same bits as
 * one that was not, on the same engine and machine.
 *
 * The options stay the caller's. Batches are freed after their step where they were made since the loop began; tensors that
 * were there before, such as one batch for all steps, are left alone. The run's own tensors live until
 * {@link TrainingRun.dispose}.
 *
 * @throws RangeError when an option is out of range, or the checkpoint is damaged or belongs to another run. TypeError when an
 * option or a batch is of the wrong kind.
 * @throws DivergedError when the loss, the gradient or the weights stop being finite; the last checkpoint is left as it is.
 * @throws whatever the data, the evaluation, the store or the signal throw. Before an error of the first two and of the signal
 * the steps taken so far are saved.
 * @example
 * const process = vp()
 * const model = mlp({ dims: 2 })
 * const loss = sdeDenoising({ process })
 * const data = stream(twoMoons, { size: 64, key: key(0) })
 * const run = train({ model, loss, data, steps: 20, key: key(1) })
 * for await (const { step, loss } of run) console.log(step, loss)
 * const score = bind(model, run.ema)
 */
export function train(options: TrainOptions): TrainingRun {
  checkOptions(options)
  const {
    model,
    steps,
    key,
    optimizer = adam(),
    reportEvery = 1,
    evaluate,
    checkpoint,
    signal,
    onProgress,
  } = options
  const average = options.ema === false ? undefined : ema(options.ema)
  const saveEvery = checkpoint?.every ?? 1000
  const rateAt = warmUp(options.rate ?? 1e-3, options.warmUp ?? 0)
  const [initKey, drawKey, modelKey] = split(key, 3) as [Key, Key, Key]

  let state: TrainingState | undefined
  let step = 0
  let savedStep = 0
  let lossSum = 0
  let compiled: CompiledUpdate | undefined
  let running = false
  /** What steps gave that was not read yet. */
  const unread: UpdateOutput[] = []
  let last = { loss: 0, gradientNorm: 0 }
  let whole = true

  const begin = async (): Promise<TrainingState> => {
    const fresh = startState(options, optimizer, average, initKey)
    try {
      const progress = await resumeState(options, fresh)
      if (progress) ({ step, lossSum } = progress)
      savedStep = step
      return fresh
    } catch (error) {
      dispose(fresh)
      throw error
    }
  }

  /**
   * Keeps the state, or says why it is not worth keeping or could not be kept.
   *
   * @param ending The error that ends the run, if one does.
   */
  const save = async (current: TrainingState, ending?: unknown): Promise<void> => {
    await readLosses()
    if (checkpoint && savedStep === step) return
    await run.pull()
    const spoilt = await nonFinite(current)
    if (spoilt) throw new DivergedError(step, savedStep, 'finite weights', `NaN or infinity in ${spoilt}`)
    if (!checkpoint) return
    const bytes = await encodeCheckpoint(current, { step, key, lossSum }, checkpoint.notes)
    try {
      await checkpoint.store.save(bytes, step)
    } catch (cause) {
      const gone = savedStep > 0 && (await checkpoint.store.load().catch(() => undefined)) === undefined
      const last = gone ? `the checkpoint of step ${savedStep} is there no more` : describeLast(savedStep)
      const why = `train: step ${step} could not be saved (${messageOf(cause)}); ${last}`
      throw new Error(ending ? `${why}. It was to end because of: ${messageOf(ending)}` : why, { cause })
    }
    savedStep = step
  }

  async function* iterate(): AsyncGenerator<TrainingStep> {
    if (running) throw new Error('train: expected one loop over a run at a time, got a second')
    running = true
    try {
      signal?.throwIfAborted()
      const isNew = fromNowOn()
      state ??= await begin()
      yield* loop(state, isNew)
    } finally {
      running = false
    }
  }

  async function* loop(current: TrainingState, isNew: (x: Tensor) => boolean): AsyncGenerator<TrainingStep> {
    const update = trainingUpdate({ ...options, optimizer, ema: average }, current)
    const call = compile(update, options.compile ? { executor: options.compile } : {})
    compiled = call
    /** Runs what leaves the state as it is; where it fails, the steps so far are kept. */
    const outside = async <T>(work: () => T | Promise<T>): Promise<T> => {
      try {
        return await work()
      } catch (error) {
        await save(current, error)
        throw error
      }
    }
    const begun = performance.now()
    const firstStep = step
    try {
      while (step < steps) {
        const { input, rate, owned } = await outside(() => {
          signal?.throwIfAborted()
          return prepare(isNew)
        })
        // A step that fails midway may have changed a part of the state.
        whole = false
        unread.push(await call(input).finally(() => dispose(owned)))
        whole = true
        step++
        const isLast = step === steps
        const due = evaluate && (step % evaluate.every === 0 || isLast)
        const saves = isLast || (checkpoint && step % saveEvery === 0)
        if (!due && !saves && step % reportEvery !== 0) continue
        const { loss, gradientNorm } = await readLosses()
        if (due) await run.pull()
        const evaluation =
          due &&
          (await outside(async () => {
            const found = await evaluate.run({ step, parameters: run.parameters, ema: run.ema })
            return found && objectOf('train', found, 'evaluate.run to give numbers by name')
          }))
        if (saves) await save(current)
        const at: TrainingStep = {
          step,
          loss,
          emaLoss: lossSum / (1 - LOSS_DECAY ** step),
          gradientNorm,
          rate,
          stepsPerSecond: (1000 * (step - firstStep)) / (performance.now() - begun),
          ...(evaluation && { evaluation }),
        }
        onProgress?.({ index: step, steps, ...at })
        yield at
      }
    } finally {
      dispose(unread.splice(0))
      try {
        await run.pull()
      } finally {
        compiled = undefined
        await call.dispose()
      }
    }
  }

  /** What the next step is computed from, and which of its tensors go when it is done. */
  const prepare = async (isNew: (x: Tensor) => boolean) => {
    const batch = await settle(() => options.data(step))
    const owned: unknown[] = tensorsIn(batch).filter(isNew)
    try {
      const rows = checkedBatch(batch, step)
      const rate = rateAt(step + 1)
      checkAtLeast('train', { rate }, 0)
      const rest = tidy(() => ({
        draws: drawn('loss.draw', options.loss.draw(foldIn(drawKey, step), rows.x.shape)),
        ...(model.draw && {
          modelDraws: drawn('model.draw', model.draw(foldIn(modelKey, step), rows.x.shape[0]!)),
        }),
        coefficients: scalars(optimizer.coefficients(step + 1, rate)),
        emaDecay: scalar(average?.decayAt(step + 1) ?? 0),
      }))
      owned.push(rest)
      return { input: { ...rows, ...rest }, rate, owned }
    } catch (error) {
      dispose(owned)
      throw error
    }
  }

  /** Reads the losses of all steps since the last time at once. @throws DivergedError at the first one that is not finite. */
  const readLosses = () =>
    scoped(async (own) => {
      const outputs = own(unread.splice(0))
      if (outputs.length === 0) return last
      const scalars = outputs.flatMap(({ loss, gradientNorm }) => [loss, gradientNorm])
      const values = await own(tidy(() => stack(scalars))).data()
      for (const i of outputs.keys()) {
        last = { loss: values[2 * i]!, gradientNorm: values[2 * i + 1]! }
        const { loss, gradientNorm } = last
        if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
          whole = false
          const got = `loss ${loss} and gradient norm ${gradientNorm}`
          throw new DivergedError(step - outputs.length + 1 + i, savedStep, 'a finite loss', got)
        }
        lossSum = LOSS_DECAY * lossSum + (1 - LOSS_DECAY) * loss
      }
      return last
    })

  const free = (): void => {
    dispose(state)
    state = undefined
    step = savedStep = lossSum = 0
    whole = true
  }
  const run: TrainingRun = {
    get parameters() {
      return state?.parameters ?? {}
    },
    get ema() {
      return (average ? state?.ema : state?.parameters) ?? {}
    },
    [Symbol.asyncIterator]: iterate,
    pull: async () => compiled?.pullVariables(),
    save: async () => {
      if (state && whole) await save(state)
    },
    dispose: free,
    [Symbol.dispose]: free,
  }
  return run
}

type CompiledUpdate = Compiled<[UpdateInput], UpdateOutput>

/** What a loss or a network draws. @throws TypeError unless they are tensors by name. */
function drawn(by: string, draws: NamedTensors): NamedTensors {
  checkNamed(`what ${by} gives`, draws, 0)
  return draws
}

function scalars(numbers: Readonly<Record<string, number>>): NamedTensors {
  checkFinite('train', objectOf('train', numbers, 'optimizer.coefficients to give numbers by name'))
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, scalar(value)]))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
