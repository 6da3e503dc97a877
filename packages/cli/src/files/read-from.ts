/** How a file is read. */
export interface ReadOptions {
  /** Ends the reading by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Hears which share of the file has come, 0 to 1, where that can be told. */
  readonly onShare?: (share: number) => void
}

/** The files of one folder, wherever it is. */
export interface Folder {
  /** Where a file is, to be named in errors. */
  where(name: string): string
  /** A file's bytes, or undefined where there is none. @throws Error when it cannot be read. */
  read(name: string, options?: ReadOptions): Promise<Uint8Array | undefined>
}

/** How a platform reads folders. */
export type ReadFrom = (folder: string | URL) => Folder
