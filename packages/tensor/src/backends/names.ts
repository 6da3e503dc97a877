/** The backends of sgm. */
export type BackendName = 'wasm' | 'cpu' | 'webgl' | 'webgpu'

/** All backends, the one to prefer first. */
export const backendNames: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu']
