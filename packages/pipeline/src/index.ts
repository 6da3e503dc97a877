export type { PipelineFile, PipelineFiles } from './files/platform'
export { type OpenPipelineOptions, openPipeline, type Pipeline } from './open-pipeline'
export type { GenerateOptions, PromptOptions } from './options'
export type { PipelineProblem } from './pipeline-problem'
