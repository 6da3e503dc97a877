import { ema } from '@sgm/score'
import {
  type Compiled,
  compile,
  dispose,
  expected,
  foldIn,
  type NamedTensors,
  scalar,
  scoped,
  settle,
  split,
  tidy,
  type Variable,
  variable,
} from '@sgm/tensor'
import { decodeCheckpoint, encodeCheckpoint, type TrainingState } from './checkpoint'
import { adam } from './optimizers/adam'
import { warmUp } from './rate'
import type { TrainingRun, TrainingStep, TrainOptions } from './types'
import { trainingUpdate, type UpdateInput, type UpdateOutput } from './update'

const LOSS_DECAY = 0.99

/** Thrown when the loss or its gradient stops being finite. Nothing is saved after such a step. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError'
  constructor(
    /** The step whose loss was not finite. */
    readonly step: number,
    /** The step of the last checkpoint in the store, 0 where there is none. */
    readonly lastGoodStep: number,
    loss: number,
    gradientNorm: number,
  ) {
    super(
      `train: expected a finite loss at step ${step}, got loss ${loss} and gradient norm ${gradientNorm}; ` +
        (lastGoodStep > 0
          ? `the checkpoint of step ${lastGoodStep} is intact`
          : 'there is no checkpoint yet') +
        '. A lower rate, a warm-up or clip: 1 often mends this',
    )
  }
}

/**
 * Minimises a score-matching objective over a network's parameters.
 *
 * Returns a {@link TrainingRun}: iterate over it, a {@link TrainingStep} for each step. A run that is stopped at any
 * moment and started again with the same options and checkpoint store ends with the very same bits as one that was
 * not, on the same backend and machine.
 *
 * ```ts
 * const run = train({ model, loss, data, steps: 1000, key: key(0) })
 * for await (const { step, loss } of run) console.log(step, loss)
 * ```
 *
 * @throws RangeError when an option is out of range, or the checkpoint belongs to another run.
 * @throws DivergedError when the loss or the gradient stops being finite.
 */
export function train(options: TrainOptions): TrainingRun {
  const { model, steps, key, optimizer = adam(), evaluate, checkpoint, signal } = options
  const average = options.ema === false ? undefined : ema(options.ema)
  const saveEvery = checkpoint?.every ?? 1000
  checkCount('steps', steps)
  checkCount('checkpoint.every', saveEvery)
  if (evaluate) checkCount('evaluate.every', evaluate.every)
  if (typeof options.rate === 'number') checkRate(options.rate)
  if (options.clip !== undefined && !(options.clip > 0)) throw expected('train', 'clip > 0', options.clip)
  const rateAt = warmUp(options.rate ?? 1e-3, options.warmUp ?? 0)
  const [initKey, drawKey] = split(key) as [typeof key, typeof key]

  let state: TrainingState | undefined
  let step = 0
  let savedStep = 0
  let lossSum = 0
  let compiled: CompiledUpdate | undefined

  const start = (): TrainingState => {
    const initial = options.parameters ?? model.init(initKey)
    const slots = optimizer.init(initial)
    const fresh = {
      parameters: variables(initial),
      slots: variables(slots),
      ema: average ? variables(initial) : {},
    }
    dispose([options.parameters ? undefined : initial, slots])
    return fresh
  }

  const resume = async (fresh: TrainingState): Promise<void> => {
    const saved = await checkpoint?.store.load()
    if (!saved) return
    const loaded = decodeCheckpoint(saved, fresh, key)
    restore(fresh, loaded.state)
    dispose(loaded.state)
    ;({ step, lossSum } = loaded.progress)
    savedStep = step
  }

  async function* iterate(): AsyncGenerator<TrainingStep> {
    signal?.throwIfAborted()
    if (!state) {
      const fresh = start()
      await resume(fresh).catch((error) => {
        dispose(fresh)
        throw error
      })
      state = fresh
    }
    const current = state
    const update = trainingUpdate({ ...options, optimizer, ema: average }, current)
    compiled = compile(update, options.compile ? { executor: options.compile } : {})
    const save = async (): Promise<void> => {
      if (!checkpoint || savedStep === step) return
      await run.pull()
      await checkpoint.store.save(await encodeCheckpoint(current, { step, key, lossSum }))
      savedStep = step
    }
    const begun = performance.now()
    const firstStep = step
    try {
      while (step < steps) {
        if (signal?.aborted) {
          await save()
          signal.throwIfAborted()
        }
        const rate = rateAt(step + 1)
        checkRate(rate)
        const { loss, gradientNorm } = await advance(compiled, rate)
        step++
        if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
          throw new DivergedError(step, savedStep, loss, gradientNorm)
        }
        lossSum = LOSS_DECAY * lossSum + (1 - LOSS_DECAY) * loss
        const due = evaluate && (step % evaluate.every === 0 || step === steps)
        if (due) await run.pull()
        const evaluation = due && (await evaluate.run({ step, parameters: run.parameters, ema: run.ema }))
        if (step % saveEvery === 0 || step === steps) await save()
        yield {
          step,
          loss,
          emaLoss: lossSum / (1 - LOSS_DECAY ** step),
          gradientNorm,
          rate,
          stepsPerSecond: (1000 * (step - firstStep)) / (performance.now() - begun),
          ...(evaluation && { evaluation }),
        }
      }
    } finally {
      await run.pull()
      await compiled.dispose()
      compiled = undefined
    }
  }

  const advance = (call: CompiledUpdate, rate: number): Promise<{ loss: number; gradientNorm: number }> =>
    scoped(async (own) => {
      const batch = own(await settle(() => options.data(step)))
      const { x, ...known } = 'condition' in batch ? batch : { x: batch }
      const input = own(
        tidy(() => ({
          draws: options.loss.draw(foldIn(drawKey, step), x.shape),
          coefficients: scalars(optimizer.coefficients(step + 1, rate)),
          emaDecay: scalar(average?.decayAt(step + 1) ?? 0),
        })),
      )
      const output = own(await call({ x, ...known, ...input }))
      const [loss, gradientNorm] = await Promise.all([output.loss.data(), output.gradientNorm.data()])
      return { loss: loss[0]!, gradientNorm: gradientNorm[0]! }
    })

  const free = (): void => {
    dispose(state)
    state = undefined
    step = savedStep = lossSum = 0
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
    dispose: free,
    [Symbol.dispose]: free,
  }
  return run
}

type CompiledUpdate = Compiled<[UpdateInput], UpdateOutput>

function checkRate(rate: number): void {
  if (!(rate >= 0 && Number.isFinite(rate))) throw expected('train', 'a finite rate >= 0', rate)
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw expected('train', `${name} to be an integer >= 1`, value)
}

function variables(tensors: NamedTensors): Readonly<Record<string, Variable>> {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, variable(x)]))
}

function scalars(numbers: Readonly<Record<string, number>>): NamedTensors {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, scalar(value)]))
}

function restore(target: TrainingState, source: TrainingState): void {
  for (const part of ['parameters', 'slots', 'ema'] as const) {
    for (const [name, x] of Object.entries(source[part])) (target[part][name] as Variable).assign(x)
  }
}
