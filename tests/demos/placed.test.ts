import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../workspace.ts'
import { build } from './site.ts'

/** That of the command is about a terminal, and networks of a pipeline are too large for a page. */
const without = ['cli', 'pipeline']

/** Pages about one package, sampler, process or loss. */
const pages = [
  ...readdirSync(join(root, 'packages'))
    .filter((name) => !without.includes(name) && existsSync(join(root, 'packages', name, 'package.json')))
    .map((name) => `api/${name}`),
  ...['samplers', 'processes', 'losses'].flatMap((folder) =>
    readdirSync(join(root, 'docs/docs', folder))
      .map((file) => file.replace(/\.mdx?$/, ''))
      .filter((name) => name !== 'index')
      .map((name) => `${folder}/${name}`),
  ),
]

test.each(['', 'ko'])(
  'under %j every package, sampler, process and loss is shown at work on its page',
  (language) => {
    expect(pages.length).toBeGreaterThan(50)
    const still = pages.filter((page) => !html(join(language, page)).includes('data-live='))
    expect(still).toEqual([])
  },
)

function html(page: string): string {
  return readFileSync(join(build, page, 'index.html'), 'utf8')
}
