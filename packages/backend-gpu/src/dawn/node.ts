import type { LoadDawn } from './dawn'

/** Node's Dawn. Bundlers that have not heard of the condition `browser` bring this file to browsers too. */
export const loadDawn: LoadDawn = () =>
  typeof process !== 'undefined' && process.versions?.node ? import('webgpu') : undefined
