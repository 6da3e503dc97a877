import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { example, packages, root } from '../workspace.ts'

const folder = join(import.meta.dirname, '../node_modules/.examples')
const projects = [
  ...packages.map((one) => ({ name: one.name, text: example(one) })),
  { name: 'sgm', text: /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] },
]
const file = (name: string) => join(folder, `${basename(name)}.ts`)

let complaints: ReadonlyMap<string, readonly string[]>

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  for (const { name, text } of projects) writeFileSync(file(name), `${text ?? ''}\nexport {}\n`)
  complaints = check(projects.map(({ name }) => file(name)))
})

describe.each(projects)('README of $name', ({ name, text }) => {
  it('has an example', () => {
    expect(text?.trim()).toBeTruthy()
  })
  it('has an example with sound types', () => {
    expect(complaints.get(file(name)) ?? []).toEqual([])
  })
  it('has an example that runs', async () => {
    await import(/* @vite-ignore */ file(name))
  })
})

function check(files: readonly string[]): Map<string, string[]> {
  const path = join(root, 'tsconfig.base.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const found = new Map<string, string[]>()
  for (const { file, messageText } of ts.getPreEmitDiagnostics(ts.createProgram(files, options))) {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n')
    found.set(file?.fileName ?? '', [...(found.get(file?.fileName ?? '') ?? []), text])
  }
  return found
}
