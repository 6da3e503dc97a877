import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { example, packages, root } from '../workspace.ts'
import { fileOf, writeModules } from './modules.ts'

const blocks = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text)
const all = [
  ...packages.map((one) => ({ name: `README of ${one.name}`, text: example(one) })),
  { name: 'README of sgm', text: blocks(join(root, 'README.md'))[0] },
  { name: 'the notebook', text: notebook(join(root, 'examples/src/deno/mixture.ipynb')) },
  ...['docs/docs', 'docs/i18n'].flatMap((at) =>
    readdirSync(join(root, at), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?!api\/).*\.mdx?$/.test(path))
      .flatMap((path) =>
        blocks(join(root, at, path)).map((text, i) => ({ name: `${at}/${path}, block ${i + 1}`, text })),
      ),
  ),
]
/** The code of a Deno notebook as one module of Node. */
function notebook(path: string): string {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[]
  }
  const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''))
  return code.join('\n').replaceAll("'npm:", "'")
}

// Translated pages repeat the examples of the English ones: each text runs once.
const examples = all.filter(({ text }, i) => !text || all.findIndex((one) => one.text === text) === i)

let complaints: ReadonlyMap<string, readonly string[]>

beforeAll(() => {
  complaints = writeModules(examples.map(({ name, text = '' }) => ({ name, code: text })))
})

describe.each(examples)('$name', ({ name, text }) => {
  it('has an example', () => {
    expect(text?.trim()).toBeTruthy()
  })
  // The column of the site is as wide.
  it.runIf(name.startsWith('docs/'))('has lines that fit', () => {
    expect(text?.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
  it('has an example with sound types', () => {
    expect(complaints.get(fileOf(name)) ?? []).toEqual([])
  })
  it('has an example that runs', async () => {
    await import(/* @vite-ignore */ fileOf(name))
  })
})
