export type { AdapterOptions } from './device/find'
export { type GpuEngine, type GpuEngineChoice, type GpuEngineOptions, gpuEngine } from './engine'
export { type Gpu, type GpuOptions, type GpuUsage, openGpu } from './open'
export type { Tile } from './plan/tuning'
