export { type RunClassOptions, type RunClassResult, runClass } from './commands/class'
export { type RunColorizeOptions, runColorize } from './commands/colorize'
export type { CompletionOptions, CompletionResult } from './commands/conditional'
export { type RunExportOptions, type RunExportResult, runExport } from './commands/export'
export { type RunInfoOptions, type RunInfoResult, runInfo } from './commands/info'
export { type RunInpaintOptions, runInpaint } from './commands/inpaint'
export {
  type RunInterpolateOptions,
  type RunInterpolateResult,
  runInterpolate,
} from './commands/interpolate'
export { type RunLikelihoodOptions, type RunLikelihoodResult, runLikelihood } from './commands/likelihood'
export { type LoggedCurve, type RunLogOptions, type RunLogResult, runLog } from './commands/log'
export { type Found, type MachineInfo, machineInfo } from './commands/machine'
export { type Restored, type RunRestoreOptions, type RunRestoreResult, runRestore } from './commands/restore'
export { type RunSampleOptions, type RunSampleResult, runSample } from './commands/sample'
export { type RunTrainOptions, type RunTrainResult, runTrain } from './commands/train'
export type { RunChoices, RunConfig, RunIdentity, RunLength } from './config'
export type { Context, Report } from './context'
export type { Device, Speed } from './engine'
export type { Judged } from './likelihood'
export { type MainOptions, main } from './main'
export { type ProgressBarOptions, progressBar } from './progress'
export type { Sampling } from './sampling'
