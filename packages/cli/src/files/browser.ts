import { fetched } from './fetched'
import type { ReadFrom } from './read-from'

/** Files of a folder that is served, named by a URL or by its address from the page. */
export const readFrom: ReadFrom = (folder) => fetched(new URL(folder, globalThis.location?.href))
