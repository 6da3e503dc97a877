import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commentsOf } from '../../docs/comments.ts'
import { excerpt } from '../../docs/excerpt.ts'
import { labelsOf, withLabels } from '../../docs/labels.ts'
import { root } from '../workspace.ts'

const english = join(root, 'docs/docs')
const korean = join(root, 'docs/i18n/ko/docusaurus-plugin-content-docs/current')
const pages = readdirSync(english, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /^(?!api\/).*\.mdx?$/.test(path),
)

const programs = readdirSync(join(root, 'examples/src')).filter((file) => /^\d+-.*\.ts$/.test(file))
const words = (name: string): object =>
  JSON.parse(readFileSync(join(root, `docs/i18n/ko/${name}.json`), 'utf8'))

/** What a page and its translation have in common. */
function outline(text: string) {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
  return {
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, level]) => level),
    demos: [...prose.matchAll(/<(?:Live|Figure) name="[^"]*"/g)].map(([tag]) => tag),
    formulas: prose.match(/^\$\$$/gm)?.length ?? 0,
    programs: blocks(text, 'example'),
    code: blocks(text, 'ts').length,
  }
}

const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, lines]) =>
    lines!.trim(),
  )

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(english, page), 'utf8')

  it('is there in Korean, with the same headings, demos, formulas and programs', () => {
    expect(existsSync(join(korean, page))).toBe(true)
    expect(outline(readFileSync(join(korean, page), 'utf8'))).toEqual(outline(text))
  })

  it.runIf(blocks(text, 'example').length > 0)('shows programs that are there, in lines that fit', () => {
    for (const block of blocks(text, 'example')) {
      const [file, region] = block.split(/\s+/)
      const lines = excerpt(readFileSync(join(root, `examples/src/${file}.ts`), 'utf8'), region).split('\n')
      expect(lines.filter((line) => line.length > 80)).toEqual([])
    }
  })
})

it('every chapter and guide is in the sidebar', () => {
  const sidebars = readFileSync(join(root, 'docs/sidebars.ts'), 'utf8')
  const listed = pages.filter((page) => !/^(samplers|processes|losses)\//.test(page))
  const ids = listed.map((page) => page.replace(/\.mdx?$/, ''))
  expect(ids.filter((id) => !sidebars.includes(`'${id}'`))).toEqual([])
})

it('every program of the examples has a title and a description in Korean', () => {
  expect(Object.keys(words('examples'))).toEqual(programs.map((file) => file.replace('.ts', '')).sort())
})

it('every comment of the examples is there in Korean', () => {
  const shown = programs.map((file) => excerpt(readFileSync(join(root, 'examples/src', file), 'utf8')))
  expect(Object.keys(words('comments'))).toEqual(shown.flatMap(commentsOf))
})

it('every label of the figures that has words is there in Korean', () => {
  const folder = join(root, 'docs/static/img/figures')
  const figures = readdirSync(folder).filter((file) => file.endsWith('.svg'))
  const shown = figures.flatMap((file) => labelsOf(readFileSync(join(folder, file), 'utf8')))
  const worded = new Set(shown.filter((label) => /[a-z]{3}|[A-Z]{2}/i.test(label)))
  expect(Object.keys(words('figures'))).toEqual([...worded].sort())
  expect(withLabels('<text x="1">loss</text><text>2</text>', { loss: '손실' })).toBe(
    '<text x="1">손실</text><text>2</text>',
  )
})

it('no page is there in Korean alone', () => {
  const translated = readdirSync(korean, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.mdx?$/.test(path),
  )
  expect(translated.filter((path) => !pages.includes(path))).toEqual([])
})
