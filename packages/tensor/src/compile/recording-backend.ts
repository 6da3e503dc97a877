import * as tf from '@tensorflow/tfjs'
import type { TypedArray } from '../types'
import { compositions } from './compositions'
import type { Constant, Node, Site } from './graph'
import { type Kernel, type KernelName, kernels } from './kernels'
import { at, callSite } from './site'
import type { GraphDType, Value } from './value'
import { valuesAs } from './values'

/** Copies of this module in one program share tfjs's engine: each records on a backend of its own. */
let backend: string | undefined

/** What one trace has seen so far. */
export interface Recording {
  readonly nodes: Node[]
  readonly constants: Constant[]
  /** The value of a tensor that a kernel reads; tensors from outside the trace become constants or variables here. */
  lookUp(tensor: tf.TensorInfo): Value
  /** Names a new value and ties it to a tfjs data id. */
  define(dataId: object, shape: readonly number[], dtype: GraphDType): Value
  /** Where the user called what is being recorded, if that is to be known. */
  site(): Site | undefined
  /** The first error of the trace, kept because the function may have swallowed it. */
  failure: Error | undefined
}

let current: Recording | undefined

/** Has the values of tensors when their recording has ended, or makes them. */
export interface Keeper {
  read(dataId: object): Promise<TypedArray>
  /** No tensor has this data id any more. */
  release(dataId: object): void
}

/** A data id, with what is known of it: weak maps of as many would keep the garbage collector busy. */
class RecordedData {
  references = 1
  keeper: Keeper | undefined
}

/** Lets the values of a data id of a recording be read, outside of recordings. */
export function keepWith(dataId: object, keeper: Keeper): void {
  ;(dataId as RecordedData).keeper = keeper
}

/** Runs `fn` with every kernel call recorded instead of computed, and everything back in place afterwards. */
export function withRecording<T>(recording: Recording, fn: () => T): T {
  if (current) throw new Error('compile: a function is already being traced; compiled functions do not nest')
  backend ??= register()
  const before = tf.getBackend()
  current = recording
  enter(backend)
  try {
    return fn()
  } finally {
    current = undefined
    enter(before)
  }
}

/** Makes a backend the current one. tfjs's `setBackend` also sets up all of its kernels, which takes longer than recording a step does. */
function enter(name: string): void {
  const engine = tf.engine()
  const backendInstance = engine.findBackend(name)
  if (backendInstance) Object.assign(engine, { backendName: name, backendInstance })
  if (!backendInstance || engine.backend !== backendInstance) void tf.setBackend(name)
}

/** A tfjs backend that holds no numbers: kernels append nodes to the current recording. */
class RecordingBackend extends tf.KernelBackend {
  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = new RecordedData()
    if (values) {
      const value = recordingNow().define(dataId, shape, graphDType('tensor', dtype))
      recordingNow().constants.push({ value, data: valuesAs(dtype, values as TypedArray).slice() })
    }
    return dataId
  }

  override move(data: RecordedData): void {
    data.references = 1
  }

  override incRef(data: RecordedData): void {
    data.references++
  }

  override refCount(data: RecordedData): number {
    return data.references
  }

  override disposeData(data: RecordedData): boolean {
    data.references--
    if (data.references <= 0) data.keeper?.release(data)
    return data.references <= 0
  }

  override numDataIds(): number {
    return 0
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override floatPrecision(): 16 | 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override timerAvailable(): boolean {
    return false
  }

  override readSync(): never {
    const error = new Error(
      `compile: expected tensor ops only, got a read of values on the host (data, dataSync, array, print, or an op that does ` +
        `so)${at(callSite())}. Inside a compiled function values are not known yet: compute the number outside and pass it in`,
    )
    if (current) current.failure ??= error
    throw error
  }

  override async read(data: RecordedData): Promise<TypedArray> {
    return current || !data.keeper ? this.readSync() : data.keeper.read(data)
  }

  override dispose(): void {}
}

function recordingNow(): Recording {
  if (!current) throw new Error('compile: a tensor of a trace was used after the trace ended')
  return current
}

/** Appends one kernel call; Reshape and Identity are nodes like any other here. */
function record(
  kernel: KernelName,
  inputs: tf.NamedTensorInfoMap,
  attributes: tf.NamedAttrMap,
): tf.TensorInfo | tf.TensorInfo[] {
  const recording = recordingNow()
  const values = Object.fromEntries(
    Object.entries(inputs)
      .filter(([, info]) => info !== undefined && info !== null)
      .map(([name, info]) => [name, recording.lookUp(info as tf.TensorInfo)]),
  )
  const made = (kernels[kernel] as Kernel).infer(values, attributes)
  const outputs: Value[] = []
  const infos = [made].flat().map(({ shape, dtype }) => {
    const dataId = tf.backend().write(null!, [...shape], dtype) as tf.DataId
    outputs.push(recording.define(dataId, shape, dtype))
    return { dataId, shape: [...shape], dtype }
  })
  // tfjs calls kernels with the inputs and attributes that it declares for them.
  const node = { kernel, inputs: values, attributes: { ...attributes }, outputs, site: recording.site() }
  recording.nodes.push(node as unknown as Node)
  return Array.isArray(made) ? infos : infos[0]!
}

/** Whether a graph can hold values of a tfjs element type. */
export function isGraphDType(dtype: string): dtype is GraphDType {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool'
}

/** The graph's name for a tfjs element type. @throws TypeError for strings and complex numbers. */
export function graphDType(where: string, dtype: string): GraphDType {
  if (isGraphDType(dtype)) return dtype
  throw new TypeError(`compile: expected float32, int32 or bool in ${where}, got ${dtype}`)
}

function register(): string {
  let backendName = 'sgm-trace'
  while (tf.findBackendFactory(backendName)) backendName += "'"
  tf.registerBackend(backendName, () => new RecordingBackend(), 0)
  for (const kernelName of new Set([...Object.keys(kernels), ...Object.keys(compositions)])) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) =>
        compositions[kernelName]?.(inputs as tf.NamedTensorMap, attrs ?? {}) ??
        record(kernelName as KernelName, inputs, attrs ?? {}),
    })
  }
  return backendName
}
