import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Tensor, tensor } from '@sgm/tensor'
import expected from '../../fixtures/expected.json' with { type: 'json' }
import type { PipelineFiles } from '../index'

/** What diffusers makes with the pipelines of fixtures/tiny.py. */
export type Recorded = { readonly latents: readonly number[]; readonly images: readonly number[] }

/** Folders that a pipeline's files are in, and parts that it shares with another: those are there once. */
const folders = {
  sd1: ['sd1'],
  'sd1-inpaint': ['sd1', 'sd1-inpaint'],
  sd2: ['sd1', 'sd2'],
  xl: ['sd1', 'xl'],
  sd3: ['sd3'],
  flux: ['sd3/vae_', 'sd1/text_encoder', 'sd3/text_encoder_3 text_encoder_2', 'flux'],
} as const

/** The folder of one. */
export function tinyFolder(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/tiny-${name}`, import.meta.url))
}

/** The files of a pipeline, by their paths. */
export function tinyFiles(name: keyof typeof folders): PipelineFiles {
  const files = folders[name].flatMap((source) => {
    const [, from = '', part = '', to = part] = /^([^/]*)\/?([^ ]*) ?(.*)$/.exec(source)!
    return readdirSync(tinyFolder(from), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.startsWith(part) && path.includes('.'))
      .map((path) => [path.replace(part, to || part), `${tinyFolder(from)}/${path}`] as const)
  })
  return Object.fromEntries(files)
}

/** The noise that the recorded runs start with. */
export function recordedNoise(shape: readonly number[]): Tensor {
  const all: Readonly<Record<string, readonly number[]>> = expected.noise
  return tensor(all[`(${shape.join(', ')})`]!, shape)
}
