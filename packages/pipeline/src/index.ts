export type { PipelineFile, PipelineFiles } from './files/platform'
export type { LatentProblem } from './latent-problem'
export { openPipeline, type Pipeline } from './open-pipeline'
export type { GenerateOptions, OpenPipelineOptions, PromptOptions } from './options'
