import { expected } from '@sgm/tensor'
import { fetched } from './fetched'
import type { FilePlatform } from './platform'

const hrefOf = (file: string | URL): string => new URL(file, globalThis.location?.href).href

/** Files that are served: nothing lists them. */
export const files: FilePlatform = {
  list(folder) {
    throw expected('openPipeline', 'the files by their paths, with a URL each, in a browser', String(folder))
  },
  read: async (file) => (file instanceof Uint8Array ? file : fetched(hrefOf(file))),
  open: async (file) => (file instanceof Uint8Array ? file : hrefOf(file)),
}
