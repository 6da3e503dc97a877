export type { PipelineFile, PipelineFiles } from './files/platform'
export type { LatentProblem } from './latent-problem'
export { type OpenPipelineOptions, openPipeline, type Pipeline } from './open-pipeline'
export type { GenerateOptions, PromptOptions } from './options'
