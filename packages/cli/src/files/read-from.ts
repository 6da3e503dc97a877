/** The files of one folder, wherever it is. */
export interface Folder {
  /** Where a file is, to be named in errors. */
  where(name: string): string
  /** A file's bytes, or undefined where there is none. @throws Error when it cannot be read. */
  read(name: string): Promise<Uint8Array | undefined>
}

/** How a platform reads folders. */
export type ReadFrom = (folder: string | URL) => Folder
