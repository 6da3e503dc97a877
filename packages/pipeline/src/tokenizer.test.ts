import { expect, test } from 'vitest'
import expected from '../fixtures/expected.json' with { type: 'json' }
import { folderOf } from './folder'
import { tinyFiles } from './testing/tiny'
import { openTokenizer } from './tokenizer'

test.each(Object.entries(expected.tokens))('CLIP reads %j as transformers does', async (text, ids) => {
  const tokenizer = await openTokenizer(await folderOf(tinyFiles('sd1')), 'tokenizer')
  const tokens = tokenizer.encode([text])
  expect(tokens.shape).toEqual([1, 77])
  expect([...(await tokens.data())]).toEqual(ids)
  tokens.dispose()
})

test('T5 pads and cuts to the length asked for, and ends every text', async () => {
  const tokenizer = await openTokenizer(await folderOf(tinyFiles('sd3')), 'tokenizer_3')
  const tokens = tokenizer.encode(['a red cat, on the dog', 'the dog'], 6)
  expect([...(await tokens.data())]).toEqual([4, 8, 6, 36, 9, 1, 5, 7, 1, 0, 0, 0])
  tokens.dispose()
})
