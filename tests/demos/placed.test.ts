import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../workspace.ts'
import { build } from './site.ts'

/** Of the page of a live demo, or of a recorded terminal: the command needs one. */
const shown = /data-live=|data-recording=/

/** Pages about one package, the command, a sampler, a process or a loss. */
const pages = [
  ...readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .map((name) => `api/${name}`),
  'cli',
  ...['samplers', 'processes', 'losses'].flatMap((folder) =>
    readdirSync(join(root, 'docs/docs', folder))
      .map((file) => file.replace(/\.mdx?$/, ''))
      .filter((name) => name !== 'index')
      .map((name) => `${folder}/${name}`),
  ),
]

test.each(['', 'ko'])(
  'under %j every package, the command, every sampler, process and loss is shown at work on its page',
  (language) => {
    expect(pages.length).toBeGreaterThan(50)
    const still = pages.filter((page) => !shown.test(html(join(language, page))))
    expect(still).toEqual([])
  },
)

function html(page: string): string {
  return readFileSync(join(build, page, 'index.html'), 'utf8')
}
