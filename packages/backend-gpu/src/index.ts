export type { AdapterOptions } from './device/find'
export { type Gpu, type GpuOptions, type GpuUsage, openGpu } from './open'
