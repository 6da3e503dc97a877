import type { Failure } from '../device/failure'
import type { Tile, Tuning } from '../plan/tuning'
import type { EagerMemory } from './eager-memory'
import type { Pipelines } from './pipelines'

/** What executors of a device share. */
export interface DeviceContext {
  readonly device: GPUDevice
  readonly failure: Failure
  readonly pipelines: Pipelines
  readonly tuning: Omit<Tuning, 'product'>
  /** The tile of products, measured when it is first asked for. */
  tile(): Promise<Tile>
  /** Undefined where eager tensors are elsewhere. */
  readonly eager: EagerMemory | undefined
  readonly buffers: BufferCount
}

/** Counts the buffers that executors hold on a device. */
export class BufferCount {
  readonly #device: GPUDevice
  #count = 0
  #bytes = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** Buffers alive. */
  get count(): number {
    return this.#count
  }

  /** Their bytes. */
  get bytes(): number {
    return this.#bytes
  }

  make(size: number, usage: GPUBufferUsageFlags, label: string): GPUBuffer {
    this.#count++
    this.#bytes += size
    return this.#device.createBuffer({ size, usage, label })
  }

  free(buffer: GPUBuffer): void {
    this.#count--
    this.#bytes -= buffer.size
    buffer.destroy()
  }
}
