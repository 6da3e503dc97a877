export type { AdapterOptions } from './device/find'
export { type Gpu, type GpuOptions, openGpu } from './open'
