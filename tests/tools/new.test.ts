import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generate } from './generate.ts'
import { type KindName, kinds } from './kinds.ts'
import { create } from './new.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const names = Object.keys(kinds) as KindName[]
const homeOf = (kind: KindName): string => kinds[kind].folder.split('/').slice(0, 2).join('/')
const bin = join(repository, 'node_modules/.bin')
let root: string

/** A copy of what the tools read and write; installed dependencies are those of the repository. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sgm-new-'))
  const filter = (path: string) =>
    !['node_modules', 'dist', 'build', 'api', '.docusaurus'].includes(basename(path))
  for (const file of readdirSync(repository)) {
    if (/^(tsconfig|vitest)\..*(json|ts)$/.test(file)) cpSync(join(repository, file), join(root, file))
  }
  for (const folder of ['packages/samplers', 'packages/sde', 'packages/losses', 'docs/docs', 'docs/i18n']) {
    cpSync(join(repository, folder), join(root, folder), { recursive: true, filter })
  }
  for (const folder of ['.', 'packages/samplers', 'packages/sde', 'packages/losses']) {
    symlinkSync(join(repository, folder, 'node_modules'), join(root, folder, 'node_modules'))
  }
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What a command printed; it must succeed. */
async function run(command: string, args: string[], cwd: string): Promise<string> {
  const env = { ...process.env, SGM_BACKENDS: 'wasm', SGM_REPORT: '' }
  const { error, stdout } = await new Promise<{ error: unknown; stdout: string }>((resolve) => {
    execFile(join(bin, command), args, { cwd, env }, (error, stdout) => resolve({ error, stdout }))
  })
  expect(error, stdout).toBeNull()
  return stdout
}

describe('pnpm new', () => {
  it.each(names)('makes a %s whose test passes', async (kind) => {
    const { folder, pages } = kinds[kind]
    expect(create(root, kind, 'two-word')).toEqual([
      `${folder}/two-word.ts`,
      `${folder}/two-word.test.ts`,
      `docs/docs/${pages}/two-word.md`,
    ])
    const written = await generate(root)
    expect(written).toContain(`${folder}/index.ts`)
    expect(written).toContain(`docs/docs/${pages}/index.md`)
    expect(readFileSync(join(root, folder, 'index.ts'), 'utf8')).toContain("export * from './two-word'\n")
    expect(readFileSync(join(root, 'docs/docs', pages, 'index.md'), 'utf8')).toContain(
      '[Two word](two-word.md)',
    )
    expect(await generate(root, { check: true })).toEqual([])

    const home = join(root, homeOf(kind))
    const stdout = await run('vitest', ['run', '--reporter=json', 'two-word'], home)
    const { numTotalTests, success } = JSON.parse(stdout.slice(stdout.indexOf('{')))
    expect(success && numTotalTests).toBeGreaterThanOrEqual(2)
  })

  it('makes what compiles', async () => {
    const config = { extends: './tsconfig.base.json', include: names.map((kind) => `${homeOf(kind)}/src`) }
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(config))
    await run('tsc', ['-p', '.'], root)
  })

  it.each([
    ['solver', 'x', 'expected a kind of sampler, sde, loss, got solver'],
    ['sampler', 'DPMSolver', 'expected a name in kebab-case such as dpm-solver, got DPMSolver'],
    ['sampler', '../../x', 'expected a name in kebab-case'],
    ['sampler', '', 'expected a name in kebab-case'],
    ['sampler', 'class', 'expected a name that is free to use, got class'],
    ['sampler', 'index', 'expected a name that is free to use, got index'],
    [
      'sampler',
      'langevin',
      'expected a new name, got langevin, of which packages/samplers/src/samplers/langevin.ts',
    ],
  ])('refuses %s %s', (kind, name, message) => {
    expect(() => create(root, kind, name)).toThrow(message)
  })
})

describe('pnpm generate', () => {
  it('names what is stale and leaves it when it only checks', async () => {
    const index = join(root, kinds.sde.folder, 'index.ts')
    const text = readFileSync(index, 'utf8')
    writeFileSync(index, text.replace("export * from './ve'\n", ''))
    expect(await generate(root, { check: true })).toEqual([`${kinds.sde.folder}/index.ts`])
    expect(readFileSync(index, 'utf8')).not.toContain('./ve')
    await generate(root)
    expect(readFileSync(index, 'utf8')).toBe(text)
  })

  it('refuses an extension without a docs page', async () => {
    const page = join(root, 'docs/docs/processes/ve.md')
    const text = readFileSync(page, 'utf8')
    rmSync(page)
    await expect(generate(root, { check: true })).rejects.toThrow(`expected a docs page ${page}`)
    writeFileSync(page, text.replace(/reference: .*\n/, ''))
    await expect(generate(root, { check: true })).rejects.toThrow(
      'expected reference in the front matter of processes/ve.md',
    )
    writeFileSync(page, text)
  })
})
