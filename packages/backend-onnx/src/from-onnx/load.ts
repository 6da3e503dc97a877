import { expected } from '@sgm/tensor'
import { checkBytes, checkLists, checkMethods, checkStrings, objectOf } from '@sgm/tensor/check'
import { checkOptions, type OpenSession, openSession, type RuntimeOptions } from '../runtime'
import type { OnDevice, OnnxDevice } from './device'

/** A model: the bytes of an ONNX file, or where the file is: a path in Node, a URL in browsers. */
export type OnnxSource = Uint8Array | string

/** Weights that a model keeps in another file. */
export interface OnnxExternalData {
  /** The file's name as the model has it, such as `model.onnx_data`. */
  readonly path: string
  /** Its bytes, or in browsers its URL. Node finds the files beside a model that is given by its path. */
  readonly data: OnnxSource
}

/** Options of {@link openOnnx}. */
export interface OpenOnnxOptions extends RuntimeOptions {
  /** Files with the model's weights, where they are not in the bytes. */
  readonly externalData?: readonly OnnxExternalData[]
  /** Where the model is computed: `webgpu(gpu)` of `@sgm/backend-onnx/webgpu`. @default the host */
  readonly device?: OnnxDevice
}

/** Checks what is given and loads it. @throws RangeError when ONNX Runtime refuses the model, whose reason is the error's cause. */
export async function load(
  where: string,
  source: OnnxSource,
  { externalData, device, ...options }: OpenOnnxOptions,
): Promise<OpenSession> {
  checkSource(where, 'bytes', source)
  checkOptions(where, options)
  if (device !== undefined) checkMethods(where, { device }, 'open', 'give', 'take')
  if (externalData !== undefined) checkLists(where, { externalData })
  for (const file of externalData ?? []) {
    const { path, data } = objectOf(where, file, 'files of externalData as { path, data }')
    checkStrings(where, { 'path of externalData': path })
    checkSource(where, `externalData ${path}`, data)
  }
  const there = await device?.open()
  return opened(where, source, options, { externalData, there }).catch((cause: Error) => {
    throw notInstalled(cause) || cause.message.startsWith(`${where}: `)
      ? cause
      : new RangeError(
          `${where}: expected a model that ONNX Runtime can run, got ${typeof source === 'string' ? source : 'one that it refuses'}`,
          { cause },
        )
  })
}

/** Opens what is given, or, where ONNX Runtime refuses it and it has bfloat16, the same in float32. */
async function opened(
  where: string,
  source: OnnxSource,
  options: RuntimeOptions,
  how: {
    readonly externalData: readonly OnnxExternalData[] | undefined
    readonly there: OnDevice | undefined
  },
): Promise<OpenSession> {
  try {
    return await openSession(source, options, how)
  } catch (error) {
    if (notInstalled(error as Error)) throw error
    const { withoutBfloat16 } = await import('./bfloat16/files')
    const whole = await withoutBfloat16(where, source, how.externalData)
    if (!whole) throw error
    return openSession(whole.source, options, { ...how, ...whole })
  }
}

const notInstalled = ({ message }: Error): boolean => /onnxruntime-(node|web) to be installed/.test(message)

function checkSource(where: string, name: string, source: OnnxSource): void {
  if (typeof source === 'string') {
    if (source === '') throw expected(where, `a path or a URL as ${name}`, 'nothing')
  } else checkBytes(where, { [name]: source })
}
