/** How far a long call is. */
export interface Progress {
  /** Steps done: 1, 2, …, `steps`. */
  readonly index: number
  /** Steps in all; `Infinity` where nobody knows, as of frames that a generator makes. */
  readonly steps: number
}

/** Options of calls that take long. */
export interface LongCallOptions {
  /** Ends the call by throwing the signal's reason. @default none */
  readonly signal?: AbortSignal
  /** Called after every step, on a page to move a bar say. @default nothing */
  readonly onProgress?: (progress: Progress) => void
}
