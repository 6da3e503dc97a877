export type { FlowOptions } from './flow'
export {
  type FromSchedulerOptions,
  fromScheduler,
  type Schedule,
  type ScheduleSamplerOptions,
} from './from-scheduler'
export type { SchedulerConfig } from './settings'
