import { onnx } from '@sgm/backend-onnx'
import type { Engine } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'

/** Where networks are evaluated. */
export type Device = 'cpu' | 'gpu'

/** How functions are run: options of every command that evaluates a network. */
export interface Speed {
  /** `gpu` is by WebGPU, and needs the package `webgpu`. @default 'cpu' */
  readonly device?: Device | undefined
  /** Threads of the native runtime on the CPU, >= 1. @default the physical cores */
  readonly threads?: number | undefined
  /** Run without compiling, for debugging. @default false */
  readonly eager?: boolean | undefined
}

/**
 * Opens what functions run on.
 *
 * @throws RangeError when the options do not fit each other.
 * @throws Error that says what was looked for, where there is no GPU.
 */
export async function openEngine({ device = 'cpu', threads, eager = false }: Speed): Promise<Engine> {
  if (device === 'gpu') {
    if (threads !== undefined) throw expected('sgm', '--threads with --device cpu', '--device gpu')
    return openGpuEngine(eager)
  }
  return {
    name: 'onnx',
    description: eager
      ? '--eager'
      : `ONNX Runtime on ${threads ?? 'all'} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(!eager && { executor: onnx(threads === undefined ? {} : { threads }) }),
    close: async () => {},
  }
}

async function openGpuEngine(eager: boolean): Promise<Engine> {
  const { gpuEngine } = await import('@sgm/backend-gpu')
  const { gpu, executor, description, close } = await gpuEngine({ software: true }).open()
  if (eager && !gpu.eager) {
    await close()
    throw new Error(
      'sgm: expected the package @tensorflow/tfjs-backend-webgpu for --device gpu --eager, got none',
    )
  }
  return {
    name: 'gpu',
    description: `WebGPU on ${description}${eager ? ' --eager' : ''}`,
    ...(!eager && executor && { executor }),
    close,
  }
}
