/** A file: its bytes, its path or `file:` URL in Node, or its URL. */
export type PipelineFile = Uint8Array | URL | string

/** Files by their paths in the folder, such as `unet/model.onnx`. */
export type PipelineFiles = Readonly<Record<string, PipelineFile>>

/** What a platform does with files. */
export interface FilePlatform {
  /** The files of a folder. @throws RangeError where folders cannot be listed. */
  list(folder: string | URL): Promise<PipelineFiles>
  /** The whole of a file. */
  read(file: PipelineFile): Promise<Uint8Array>
  /** What ONNX Runtime opens a file by. */
  open(file: PipelineFile): Promise<Uint8Array | string>
}
