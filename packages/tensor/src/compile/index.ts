export {
  type Alignment,
  bilinear,
  type Interpolation,
  nearest,
  nearestOf,
  sourcesOf,
} from '../repair/sampling'
export { type HelperName, helperCode } from '../repair/webgpu/functions'
export { type Flattened, flatten as flattenArguments } from './arguments'
export type * from './executor'
export { batchOf, type GraphFamily, mapFamily, withBatch } from './family'
export type * from './graph'
export { type HostExecutable, type HostExecutor, hostExecutor, readValues } from './host-executor'
export * from './kernels'
export { Lazy } from './lazy/lazy'
export { type KeepingExecutor, keepPrograms } from './lazy/programs'
export { interpreter, reference } from './reference'
export * from './rewrite'
export { signatureOf } from './signature'
export { sourceOf } from './source'
export type { InputSpec } from './trace'
export { type TracedFunction, traceToGraph } from './trace-to-graph'
