import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { packages } from '../workspace.ts'

describe.each(packages)('$name', ({ name, manifest }) => {
  const { path } = inject('tarballs').find((tarball) => tarball.name === name)!
  const data = readFileSync(path)
  const packed = createPackageFromTarballData(data)
  const files = packed.listFiles().map((file) => file.replace(`/node_modules/${name}/`, ''))

  it('states what an installer needs to know', () => {
    expect(manifest).toMatchObject({ license: 'MIT', engines: { node: '>=20' } })
    expect(manifest).toHaveProperty('sideEffects')
    expect(manifest).toHaveProperty('description')
  })

  it('carries licence, readme and source maps, and nothing but the build', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    expect(files.filter((file) => !/^(LICENSE|README\.md|package\.json|dist\/.*)$/.test(file))).toEqual([])
    const code = files.filter((file) => /\.c?js$/.test(file))
    expect(code.filter((file) => !files.includes(`${file}.map`))).toEqual([])
  })

  it('requires in CommonJS by calls that bundlers see', () => {
    const read = (file: string): string => packed.readFile(`/node_modules/${name}/${file}`)
    const modules = files.filter((file) => file.endsWith('.cjs'))
    expect(modules.length).toBeGreaterThan(0)
    expect(modules.filter((file) => /\b__require\(["'`]/.test(read(file)))).toEqual([])
  })

  it('says no workspace: to npm', () => {
    expect(packed.readFile(`/node_modules/${name}/package.json`)).not.toContain('workspace:')
  })

  it('passes publint', async () => {
    const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('resolves its types by node16 and bundler, from ESM and CommonJS', async () => {
    const result = await checkPackage(packed)
    const problems = result.types ? result.problems : ['no types']
    expect(problems.filter((problem) => !('resolutionKind' in Object(problem) && isNode10(problem)))).toEqual(
      [],
    )
  })
})

/** The resolution that knows no `exports`: TypeScript's before 4.7. */
function isNode10(problem: unknown): boolean {
  return (problem as { resolutionKind: string }).resolutionKind === 'node10'
}
