import type { PipelineFiles } from '@sgm/pipeline'
import type { pipelineChoices } from '../demos/pipeline'

/** A pipeline with random weights, made by packages/pipeline/fixtures/tiny.py. Bundlers read each address as it stands here. */
const files: PipelineFiles = {
  'model_index.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/model_index.json',
    import.meta.url,
  ),
  'scheduler/scheduler_config.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/scheduler/scheduler_config.json',
    import.meta.url,
  ),
  'text_encoder/config.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/text_encoder/config.json',
    import.meta.url,
  ),
  'text_encoder/model.onnx': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/text_encoder/model.onnx',
    import.meta.url,
  ),
  'tokenizer/merges.txt': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/tokenizer/merges.txt',
    import.meta.url,
  ),
  'tokenizer/tokenizer_config.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/tokenizer/tokenizer_config.json',
    import.meta.url,
  ),
  'tokenizer/vocab.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/tokenizer/vocab.json',
    import.meta.url,
  ),
  'unet/config.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/unet/config.json',
    import.meta.url,
  ),
  'unet/model.onnx': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/unet/model.onnx',
    import.meta.url,
  ),
  'vae_decoder/config.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/vae_decoder/config.json',
    import.meta.url,
  ),
  'vae_decoder/model.onnx': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/vae_decoder/model.onnx',
    import.meta.url,
  ),
  'vae_encoder/config.json': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/vae_encoder/config.json',
    import.meta.url,
  ),
  'vae_encoder/model.onnx': new URL(
    '../../../../packages/pipeline/fixtures/tiny-sd1/vae_encoder/model.onnx',
    import.meta.url,
  ),
}

/** A run that diffusers has made. */
export type RunName = keyof typeof pipelineChoices

/** Its files, with another scheduler where a run is named after one. */
export function tinyFiles(run: RunName): PipelineFiles {
  if (!run.endsWith('Scheduler')) return files
  const config = {
    _class_name: run,
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
  }
  return { ...files, 'scheduler/scheduler_config.json': new TextEncoder().encode(JSON.stringify(config)) }
}

/** What diffusers made with it, and of what. */
export interface Recorded {
  readonly sd1: Readonly<
    Record<RunName, { readonly latents: readonly number[]; readonly images: readonly number[] }>
  >
  readonly noise: { readonly '(1, 8, 8, 4)': number[] }
  readonly picture: number[]
  readonly hole: number[]
}

let recorded: Promise<Recorded> | undefined

/** Fetched once. */
export function recordedRuns(): Promise<Recorded> {
  recorded ??= fetch(new URL('../../../../packages/pipeline/fixtures/expected.json', import.meta.url)).then(
    (response) => response.json(),
  )
  return recorded
}
