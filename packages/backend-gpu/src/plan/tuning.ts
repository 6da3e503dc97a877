/** The tile of a matrix product that one workgroup makes. Plain JSON. */
export interface Tile {
  /** A multiple of `perThread`. */
  readonly rows: number
  /** A multiple of 4. */
  readonly columns: number
  /** How many terms are put into shared memory at a time. */
  readonly inner: number
  /** Rows of the result that one thread makes, by 4 columns. */
  readonly perThread: number
}

/** What depends on the adapter, not on the graph. */
export interface Tuning {
  readonly product: Tile
  /** Threads of a workgroup where each makes one element. */
  readonly map: number
  /** Threads of a workgroup that fold together; a power of two. */
  readonly fold: number
  /** Workgroups that keep the device busy. */
  readonly busy: number
  /** Terms that a part of a product has at least. */
  readonly leastInner: number
  /** Storage buffers that one kernel may bind. */
  readonly bindings: number
}

/** How kernels are cut, all but products. */
export type Cut = Omit<Tuning, 'bindings' | 'product'>

/** For GPUs. */
export const gpuCut: Cut = { map: 64, fold: 128, busy: 64, leastInner: 256 }

/** For adapters that compute in software: their time goes into compiling, of which there is less where all threads that wait for each other run as one. */
export const softwareCut: Cut = { map: 64, fold: 4, busy: 8, leastInner: 256 }
