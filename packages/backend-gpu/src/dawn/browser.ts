import type { LoadDawn } from './dawn'

/** Browsers have no Dawn to load. */
export const loadDawn: LoadDawn = () => undefined
