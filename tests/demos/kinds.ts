import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workspace.ts'

/** One page of every kind. */
export const kinds = [
  '',
  'learn/score',
  'guides/troubleshooting',
  'figures',
  'cli',
  'samplers/',
  'samplers/ddim',
  'processes/vp',
  'losses/denoising',
  'api/samplers/',
  'api/samplers/functions/sample',
  'search?q=score',
  '404.html',
]

/** The addresses of all pages that are written by hand. */
export function written(): string[] {
  return readdirSync(join(root, 'docs/docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.mdx?$/.test(file) && !file.startsWith('api'))
    .map((file) => file.replace(/(^|(?<=\/))(index)?\.mdx?$|\.mdx?$/, ''))
}
