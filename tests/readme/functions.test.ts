import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withImports } from '../../docs/api.imports.mjs'
import { exported, functions, program } from './functions.ts'
import { fileOf, writeModules } from './modules.ts'
import { checked } from './shows.ts'

const examples = functions.map(({ name, module, example = '', undescribed }) => {
  const code = withImports(example, exported, module)
  return { name: `${name} of ${module}`, code, undescribed }
})
/** Examples that want a page, a GPU, or a run of minutes: only their types are checked. */
const elsewhere = /document\.|openGpu\(|gpuEngine\(|from '@sgm\/cli/
const home = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'sgm-'))
let complaints: ReadonlyMap<string, readonly string[]>

beforeAll(() => {
  complaints = writeModules(examples, program)
  for (const { name, code } of examples) writeFileSync(fileOf(`run ${name}`), checked(code))
  process.chdir(folder)
})
afterAll(async () => {
  process.chdir(home)
  await rm(folder, { recursive: true })
})

it.each(examples)('the page of $name describes its parameters', ({ undescribed }) => {
  expect(undescribed).toEqual([])
})

it.each(examples)('the page of $name has an example that fits and holds', async ({ name, code }) => {
  expect(code.trim()).not.toBe('')
  // The column of the site is as wide.
  expect(code.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(complaints.get(fileOf(name)) ?? []).toEqual([])
  if (!elsewhere.test(code)) await import(/* @vite-ignore */ fileOf(`run ${name}`))
})
