/** What the package `webgpu` holds: Dawn, which is WebGPU for Node. */
export type Dawn = Pick<typeof import('webgpu'), 'create' | 'globals'>

/** Loads it. Undefined in browsers, which have WebGPU of their own or none at all. */
export type LoadDawn = () => Promise<Dawn> | undefined
