/** What a stretch of work asked of the device. */
export interface Counts {
  dispatches: number
  submits: number
  reads: number
  /** Bytes that went to the device. */
  uploaded: number
}

const counts: Counts = { dispatches: 0, submits: 0, reads: 0, uploaded: 0 }

/** Counts from here on. WebGPU's classes must be there: open a GPU first. */
export function count(): void {
  before(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++)
  before(GPUQueue.prototype, 'submit', () => counts.submits++)
  before(GPUBuffer.prototype, 'mapAsync', () => counts.reads++)
  before(GPUQueue.prototype, 'writeBuffer', (_buffer, _offset, data) => {
    counts.uploaded += (data as ArrayBufferView).byteLength
  })
}

/** The counts so far. */
export const counted = (): Counts => ({ ...counts })

/** Per call, between two counts. */
export function perCall(from: Counts, to: Counts, calls: number): Counts {
  const each = (name: keyof Counts) => (to[name] - from[name]) / calls
  return {
    dispatches: each('dispatches'),
    submits: each('submits'),
    reads: each('reads'),
    uploaded: each('uploaded'),
  }
}

function before<K extends string>(
  prototype: Record<K, (...args: never[]) => unknown>,
  name: K,
  note: (...args: unknown[]) => void,
): void {
  const method = prototype[name]
  prototype[name] = function (this: unknown, ...args: never[]) {
    note(...args)
    return method.apply(this, args)
  }
}
