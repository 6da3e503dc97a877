import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../workspace.ts'

const PLUGIN = '@easyops-cn/docusaurus-search-local'

interface Index {
  search(query: string): readonly { readonly ref: string }[]
}

/** The index that the site's search makes of texts in Korean. */
function indexOf(texts: readonly string[]): Index {
  const require = createRequire(join(root, 'docs/package.json'))
  const { buildIndex } = require(
    join(dirname(require.resolve(`${PLUGIN}/package.json`)), 'dist/server/server/utils/buildIndex.js'),
  )
  const documents = texts.map((t, i) => ({ i, t }))
  const options = { language: ['en', 'ko'], removeDefaultStopWordFilter: [] }
  return buildIndex([documents], options)[0].index
}

describe('search in Korean', () => {
  const index = indexOf(['스코어를 배웁니다', '우도와 부호', '데이터에서는 SDE의 잡음이', 'samplers'])

  it.each([
    ['스코어', '0'],
    ['스코어는', '0'],
    ['스코어를', '0'],
    ['우도', '1'],
    ['우도의', '1'],
    ['부호로', '1'],
    ['데이터', '2'],
    ['잡음', '2'],
    ['SDE', '2'],
    ['sampler', '3'],
  ])('finds %s, whatever particle follows', (query, ref) => {
    expect(index.search(query).map((hit) => hit.ref)).toEqual([ref])
  })

  it('takes no part of a word for a particle where less than two letters would be left', () => {
    expect(index.search('우').map((hit) => hit.ref)).toEqual([])
  })
})
