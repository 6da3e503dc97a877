import { expect, test } from 'vitest'
import { inChild } from './testing/child'

test('needs no code made from strings', async () => {
  const flags = ['--disallow-code-generation-from-strings']
  const { stdout } = await inChild({ module: 'double.ts', flags })
  expect(stdout).toBe('42 42\n')
})
