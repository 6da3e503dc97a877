/// <reference types="@webgpu/types" preserve="true" />

import { type Executor, expected, type Shape, type Tensor } from '@sgm/tensor'
import { optionsOf } from '@sgm/tensor/check'
import { makeDrawsWith } from '@sgm/tensor/compile'
import { Failure, lostError } from './device/failure'
import { type AdapterOptions, findAdapter } from './device/find'
import { deviceDescriptor } from './device/limits'
import { adoptDevice, BACKEND } from './eager'
import { tiles as allTiles, checkTile, fits, softwareTile } from './plan/tiles'
import { gpuCut, softwareCut, type Tile } from './plan/tuning'
import { BufferCount, type DeviceContext } from './run/context'
import { drawEagerly } from './run/eager-draws'
import { EagerMemory } from './run/eager-memory'
import { gpuExecutor } from './run/executor'
import { fastestTile, productTime } from './run/measure'
import { Pipelines } from './run/pipelines'

/** Options of {@link openGpu}. */
export interface GpuOptions extends AdapterOptions {
  /** A device that is there already, for example of a page that draws with it; {@link Gpu.close} leaves it open. @default a new one */
  readonly device?: GPUDevice
  /**
   * Tiles that matrix products may be made of. The fastest on this adapter is found when one is first needed, once a process, in less
   * than a second; one alone is taken without measuring.
   *
   * @default five sizes; on adapters that compute in software a small one
   */
  readonly tiles?: readonly Tile[]
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
  /**
   * The memory of an eager tensor, for kernels of your own that read it on the same queue; undefined where it is elsewhere. It is the
   * tensor's: never write to it, nor keep it.
   */
  bufferOf(x: Tensor): GPUBuffer | undefined
  /**
   * An eager tensor of float32 with a copy of what a buffer of this device holds once the work that was submitted before is done; undefined where
   * `useBackend` has put eager tensors elsewhere.
   */
  tensorOf(buffer: GPUBuffer, shape: Shape): Tensor | undefined
  /** The tile of matrix products that is fastest here: given as `tiles: [tile]` the next time, nothing is measured. */
  tile(): Promise<Tile>
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
 * In Node an open GPU keeps the process alive until {@link Gpu.close}.
 *
 * @throws Error that says what was looked for and what to do, where there is no adapter.
 * @throws RangeError for tiles that are none, or of which none fits the device.
 * @example
 * const gpu = await openGpu()
 * await useBackend('webgpu') // tensors of its device
 * gpu.description
 * gpu.close()
 */
export async function openGpu(options: GpuOptions = {}): Promise<Gpu> {
  const {
    device: given,
    tiles,
    ...adapterOptions
  } = optionsOf('openGpu', options, { device: true, tiles: true, powerPreference: true, dawn: true })
  tiles?.forEach(checkTile)
  const { device, adapter } = given
    ? { device: given, adapter: given.adapterInfo }
    : await requestDevice(adapterOptions)
  const software = isSoftware(adapter)
  const candidates = (tiles ?? (software ? [softwareTile] : allTiles)).filter((tile) =>
    fits(tile, device.limits),
  )
  if (candidates.length === 0) {
    if (!given) device.destroy()
    throw expected('openGpu', 'tiles that the device can make', JSON.stringify(tiles))
  }
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
    pipelines: new Pipelines(device, { inTurn: software && inNode() }),
    buffers: new BufferCount(device),
    tuning: {
      ...(software ? softwareCut : gpuCut),
      bindings: device.limits.maxStorageBuffersPerShaderStage,
    },
    tile: () =>
      tileFor(JSON.stringify([describe(adapter), candidates]), () =>
        fastestTile(candidates, (tile) => productTime(context, tile, software ? 32 : 1024)),
      ),
    eager: eager && new EagerMemory(eager.backend),
  }
  const { eager: memory } = context
  if (memory) makeDrawsWith(BACKEND, (draw) => drawEagerly(context, memory, draw))
  return {
    device,
    adapter,
    description: describe(adapter),
    software,
    limits: device.limits,
    features: device.features as ReadonlySet<string>,
    eager: eager !== undefined,
    lost,
    get usage() {
      const { pipelines, buffers } = context
      return { pipelines: pipelines.count, buffers: buffers.count, bytes: buffers.bytes }
    },
    bufferOf(x) {
      const buffer = context.eager?.bufferOf(x)
      // What makes its values may not have been sent yet.
      context.eager?.flush()
      return buffer
    },
    tensorOf(from, shape) {
      if (!context.eager?.isCurrent) return undefined
      const { tensor, buffer } = context.eager.make({ shape, dtype: 'float32' })
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(from, 0, buffer, 0, 4 * tensor.size)
      device.queue.submit([encoder.finish()])
      return tensor
    },
    tile: context.tile,
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

const measured = new Map<string, Promise<Tile>>()

/** What was measured of an adapter, or is now. */
function tileFor(what: string, measure: () => Promise<Tile>): Promise<Tile> {
  const known = measured.get(what)
  if (known) return known
  const tile = measure()
  measured.set(what, tile)
  tile.catch(() => measured.delete(what))
  return tile
}

const inNode = (): boolean => globalThis.process?.versions?.node !== undefined

/** Browsers say so of an adapter; Dawn's do not, but name what computes. */
function isSoftware({ architecture, description, isFallbackAdapter }: GPUAdapterInfo): boolean {
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(`${architecture} ${description}`)
}

function describe({ vendor, architecture, description, device }: GPUAdapterInfo): string {
  const family = [vendor, architecture].filter(Boolean).join(' ')
  const model = description || device
  return family && model ? `${family} (${model})` : family || model || 'a GPU without a name'
}
