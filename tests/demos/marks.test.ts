import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { written } from './kinds.ts'
import { build } from './site.ts'

/** Before a Korean particle Markdown does not take the second `**` of **`code`** for its end. */
test.each(['', 'ko'])('pages under %j show no marks of Markdown', (language) => {
  const shown = written().filter((page) => prose(join(build, language, page, 'index.html')).includes('**'))
  expect(shown).toEqual([])
})

/** What a page says, without its code and formulas. */
function prose(path: string): string {
  const [, article = ''] = /<article>(.*)<\/article>/s.exec(readFileSync(path, 'utf8')) ?? []
  return article.replaceAll(/<(code|pre|math)\b.*?<\/\1>/gs, '')
}
