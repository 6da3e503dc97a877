import type { NamedTensors, Tensor } from '@sgm/tensor'
import {
  checkAtLeast,
  checkFloats,
  checkFunctions,
  checkIntegers,
  checkKeys,
  checkLongCall,
  checkMethods,
  checkPositive,
  checkStrings,
  checkTensors,
  expected,
  formatShape,
  isTensor,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import type { ConditionedBatch, TrainOptions } from './types'

/** Throws RangeError or TypeError unless the options of `train` are what their types say. */
export function checkOptions(options: TrainOptions): void {
  const { model, loss, data, steps, key, parameters, optimizer, rate, clip, warmUp, ema } = optionsOf(
    'train',
    options,
    {
      model: true,
      loss: true,
      data: true,
      steps: true,
      key: true,
      parameters: true,
      optimizer: true,
      rate: true,
      warmUp: true,
      clip: true,
      ema: true,
      compile: true,
      reportEvery: true,
      evaluate: true,
      checkpoint: true,
      signal: true,
      onProgress: true,
    },
  )
  const { compile, reportEvery = 1, evaluate, checkpoint } = options
  checkMethods('train', { model }, 'init', 'apply')
  checkMethods('train', { loss }, 'draw', 'evaluate')
  checkFunctions('train', { data })
  checkIntegers('train', { steps, reportEvery })
  checkKeys('train', { key })
  if (parameters !== undefined) checkNamed('parameters', parameters, 1)
  if (optimizer !== undefined) checkMethods('train', { optimizer }, 'init', 'coefficients', 'update')
  if (typeof rate !== 'function' && rate !== undefined) checkAtLeast('train', { rate }, 0)
  if (clip !== undefined) checkPositive('train', { clip })
  if (warmUp !== undefined) checkAtLeast('train', { warmUp }, 0)
  if (ema !== undefined && ema !== false) objectOf('train', ema, 'ema to be its options or false')
  if (compile !== undefined) checkMethods('train', { compile }, 'load')
  if (evaluate !== undefined) {
    checkMethods('train', { evaluate }, 'run')
    checkIntegers('train', { 'evaluate.every': evaluate.every })
  }
  if (checkpoint !== undefined) {
    const {
      store,
      every = 1,
      notes = {},
      onResume,
    } = optionsOf('train', checkpoint, { store: true, every: true, notes: true, onResume: true })
    checkMethods('train', { 'checkpoint.store': store }, 'load', 'save')
    checkIntegers('train', { 'checkpoint.every': every })
    checkStrings('train', objectOf('train', notes, 'checkpoint.notes to be strings by name'))
    if (onResume !== undefined) checkFunctions('train', { 'checkpoint.onResume': onResume })
  }
  checkLongCall('train', options)
}

/** Throws unless the value is tensors by name, so many at least. */
export function checkNamed(name: string, tensors: NamedTensors, least: number): void {
  const entries = Object.entries(objectOf('train', tensors, `${name} to be tensors by name`))
  if (entries.length < least) throw expected('train', `${name} to be tensors by name`, 'none')
  checkTensors('train', Object.fromEntries(entries.map(([key, x]) => [`${name}.${key}`, x])))
}

/** A batch as its parts. Throws unless they are tensors in memory, of one row at least and as many conditions. */
export function checkedBatch(batch: Tensor | ConditionedBatch, step: number): Batch {
  const what = `the batch of step ${step}`
  const parts: Batch = isTensor(batch)
    ? { x: batch }
    : objectOf('train', batch, `${what} to be a tensor or { x, condition }`)
  const { x, condition } = parts
  checkFloats('train', { [`x of ${what}`]: x })
  const named = condition === undefined || isTensor(condition) ? { condition } : condition
  if (condition !== undefined) checkNamed(`condition of ${what}`, named as NamedTensors, 1)
  if (x.size === 0 || x.shape.length === 0) {
    throw expected('train', `${what} to have a row at least`, formatShape(x.shape))
  }
  for (const told of Object.values(named)) {
    if (told && told.shape[0] !== x.shape[0]) {
      throw expected('train', `a condition for each row of ${what}`, formatShape(told.shape))
    }
  }
  return condition ? { x, condition } : { x }
}

/** Rows to train on, and where they are conditioned what on. */
type Batch = Pick<ConditionedBatch, 'x'> & Partial<ConditionedBatch>
