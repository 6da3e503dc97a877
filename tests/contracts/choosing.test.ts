import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const docs = new URL('../../docs/', import.meta.url)

/** The cells of each row that begins with a link to a sampler's page, by the page. */
function rowsOf(path: string): Map<string, string[]> {
  const text = readFileSync(new URL(path, docs), 'utf8')
  const rows = text.matchAll(/^\| \[[^\]]+\]\((?:samplers\/)?([\w-]+)\.md\) \|(.*)\|$/gm)
  return new Map([...rows].map(([, page, cells]) => [page!, cells!.split('|').map((cell) => cell.trim())]))
}

it.each(['docs', 'i18n/ko/docusaurus-plugin-content-docs/current'])(
  'the advice of %s repeats what is measured',
  (folder) => {
    // Of all rows, those of the last table: it is the one that is measured.
    const measured = rowsOf(`${folder}/samplers/index.md`)
    const repeated = rowsOf(`${folder}/choosing.md`)
    expect(repeated.size).toBeGreaterThan(10)
    for (const [page, [, vp, ve]] of repeated) {
      const [first, , , , fifth] = measured.get(page)!.map((cell) => cell.split(', ')[0])
      expect([vp, ve], page).toEqual([first, fifth])
    }
  },
)
