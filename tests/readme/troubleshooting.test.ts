import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packages, root } from '../workspace.ts'

const page = readFileSync(join(root, 'docs/docs/guides/troubleshooting.md'), 'utf8')
const headings = [...page.matchAll(/^### (.*expected .*)$/gm)].map(([, heading]) => heading!)
const sources = packages.flatMap(({ folder }) =>
  readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!\.test)\.ts$/.test(path))
    .map((path) => readFileSync(join(folder, 'src', path), 'utf8')),
)

it.each(headings)('an error says: %s', (heading) => {
  const parts = heading.replaceAll(/\w+: expected|expected|, got/g, '…').split('…')
  for (const words of parts.map((part) => part.replace(/^,|,$/, '').trim()).filter(Boolean)) {
    expect(sources.some((source) => source.includes(words))).toBe(true)
  }
})
