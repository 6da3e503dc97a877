/// <reference types="@webgpu/types" preserve="true" />

import type { Executor } from '@sgm/tensor'
import { makeDrawsWith } from '@sgm/tensor/compile'
import { Failure, lostError } from './device/failure'
import { type AdapterOptions, findAdapter } from './device/find'
import { deviceDescriptor } from './device/limits'
import { adoptDevice, BACKEND } from './eager'
import { defaultTuning, softwareTuning, type Tuning } from './plan/tuning'
import { BufferCount, type DeviceContext } from './run/context'
import { drawEagerly } from './run/eager-draws'
import { EagerMemory } from './run/eager-memory'
import { gpuExecutor } from './run/executor'
import { Pipelines } from './run/pipelines'

/** Options of {@link openGpu}. */
export interface GpuOptions extends AdapterOptions {
  /** A device that is there already, for example of a page that draws with it; {@link Gpu.close} leaves it open. @default a new one */
  readonly device?: GPUDevice
}

/** What executors hold on a device. */
export interface GpuUsage {
  readonly pipelines: number
  readonly buffers: number
  readonly bytes: number
}

/** An open GPU. */
export interface Gpu {
  readonly device: GPUDevice
  /** The adapter: `nvidia ampere (NVIDIA GeForce RTX 3080)`. */
  readonly description: string
  readonly adapter: GPUAdapterInfo
  /** Whether the adapter computes in software: right, but slow. */
  readonly software: boolean
  readonly limits: GPUSupportedLimits
  readonly features: ReadonlySet<string>
  /** Whether `useBackend('webgpu')` gives eager tensors on this device: one device at a time may have them. */
  readonly eager: boolean
  /** Kernels compiled and buffers held so far, by all executors of this device. */
  readonly usage: GpuUsage
  /** What runs compiled functions on this device: `compile(fn, { executor: gpu.executor() })`. */
  executor(): Executor
  /** Gives the reason once the device is lost; {@link Gpu.close} is one. Its name is `GpuLostError`. */
  readonly lost: Promise<Error>
  /** Gives the device back. Eager tensors on it are lost. */
  close(): void
}

/**
 * Opens the GPU of this machine: `navigator.gpu` in browsers, in Node by way of the package `webgpu`.
 *
 * Afterwards `useBackend('webgpu')` puts eager tensors on it, where `@tensorflow/tfjs-backend-webgpu` is installed.
 *
 * ```ts
 * const gpu = await openGpu()
 * await useBackend('webgpu')
 * ```
 *
 * In Node an open GPU keeps the process alive until {@link Gpu.close}.
 *
 * @throws Error that says what was looked for and what to do, where there is no adapter.
 */
export async function openGpu({ device: given, ...options }: GpuOptions = {}): Promise<Gpu> {
  const { device, adapter } = given
    ? { device: given, adapter: given.adapterInfo }
    : await requestDevice(options)
  const failure = new Failure()
  const lost = device.lost.then((info) => {
    const error = lostError(info)
    failure.lose(error)
    return error
  })
  const eager = await adoptDevice(device, adapter, failure)
  const context: DeviceContext = {
    device,
    failure,
    pipelines: new Pipelines(device),
    buffers: new BufferCount(device),
    tuning: tuningFor(device, adapter),
    eager: eager && new EagerMemory(eager.backend),
  }
  const { eager: memory } = context
  if (memory) makeDrawsWith(BACKEND, (draw) => drawEagerly(context, memory, draw))
  return {
    device,
    adapter,
    description: describe(adapter),
    software: isSoftware(adapter),
    limits: device.limits,
    features: device.features as ReadonlySet<string>,
    eager: eager !== undefined,
    lost,
    get usage() {
      const { pipelines, buffers } = context
      return { pipelines: pipelines.count, buffers: buffers.count, bytes: buffers.bytes }
    },
    executor: () => gpuExecutor(context),
    close() {
      if (eager) {
        makeDrawsWith(BACKEND, undefined)
        eager.release()
      }
      if (!given) device.destroy()
    },
  }
}

async function requestDevice(
  options: AdapterOptions,
): Promise<{ device: GPUDevice; adapter: GPUAdapterInfo }> {
  const adapter = await findAdapter(options)
  return { device: await adapter.requestDevice(deviceDescriptor(adapter)), adapter: adapter.info }
}

/** How kernels are cut for an adapter. */
function tuningFor({ limits }: GPUDevice, adapter: GPUAdapterInfo): Tuning {
  return {
    ...(isSoftware(adapter) ? softwareTuning : defaultTuning),
    bindings: limits.maxStorageBuffersPerShaderStage,
  }
}

/** Browsers say so of an adapter; Dawn's do not, but name what computes. */
function isSoftware({ architecture, description, isFallbackAdapter }: GPUAdapterInfo): boolean {
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(`${architecture} ${description}`)
}

function describe({ vendor, architecture, description, device }: GPUAdapterInfo): string {
  const family = [vendor, architecture].filter(Boolean).join(' ')
  const model = description || device
  return family && model ? `${family} (${model})` : family || model || 'a GPU without a name'
}
