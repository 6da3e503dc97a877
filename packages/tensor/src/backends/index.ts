export { type Availability, type Capabilities, capabilities } from './capabilities'
export type { BackendName } from './names'
export { type BackendOptions, useBackend } from './use'
export type { WasmFile, WasmOptions } from './wasm'
