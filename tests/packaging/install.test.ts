import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { output } from '../setups/run.ts'
import { example, packages, root } from '../workspace.ts'

const tarballs = inject('tarballs')
const compiler = join(root, 'node_modules/typescript/bin/tsc')
const settings = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: [],
}
const variable = (name: string) => basename(name).replaceAll('-', '_')
const imports = packages.map(({ name }) => `import * as ${variable(name)} from '${name}'`).join('\n')
const lists = `console.log(JSON.stringify({ ${packages.map(({ name }) => `'${name}': names(${variable(name)})`).join(', ')} }))`
/** The same few numbers from either module system. */
const draws = `
const names = (module: object) => Object.keys(module).filter((name) => name !== 'default').sort()
const report = async (): Promise<void> => {
  ${lists}
  const x = tensor.normal(tensor.key(0), [3])
  console.log(JSON.stringify([...(await x.data())]))
  x.dispose()
}
void report()
`

let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sgm-installed-'))
  const own = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const peers = Object.assign({}, ...packages.map(({ manifest }) => versions(manifest)))
  writeJson('package.json', {
    private: true,
    dependencies: { ...peers, ...own },
    overrides: Object.fromEntries(tarballs.map(({ name }) => [name, `$${name}`])),
  })
  await output('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], folder)
  project('esm', 'module', { module: 'NodeNext', moduleResolution: 'NodeNext' })
  project('cjs', 'commonjs', { module: 'Node16', moduleResolution: 'Node16' })
  project('bundler', 'module', { module: 'ESNext', moduleResolution: 'Bundler', noEmit: true })
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('npm-installed tarballs', () => {
  it.concurrent('need nothing that they do not declare', async () => {
    await output('npm', ['ls', '--all', '--omit=optional'], folder)
  })

  it.concurrent.each(['esm', 'cjs', 'bundler'])('type-check in a project of kind %s', async (kind) => {
    await output(process.execPath, [compiler, '-p', '.'], join(folder, kind))
  })

  // Not at the same time as the tests above, whose compiler writes what is run here.
  it('are the same packages for import and require', async () => {
    const [esm, cjs] = await Promise.all(
      ['esm', 'cjs'].map((kind) => output(process.execPath, ['out/all.js'], join(folder, kind))),
    )
    expect(esm!.stdout).toContain('"@sgm/tensor":["')
    expect(cjs!.stdout).toBe(esm!.stdout)
  })

  it.concurrent.each(packages)('run the README example of $name', async ({ name }) => {
    await output(process.execPath, [`out/${basename(name)}.js`], join(folder, 'esm'))
  })
})

/** The peers that a package is developed with. */
function versions({ peerDependencies = {}, devDependencies = {} }: (typeof packages)[number]['manifest']) {
  return Object.fromEntries(
    Object.entries(peerDependencies).map(([name, range]) => [name, devDependencies[name] ?? range]),
  )
}

function project(kind: string, type: string, resolution: object) {
  mkdirSync(join(folder, kind))
  writeJson(`${kind}/package.json`, { type })
  writeJson(`${kind}/tsconfig.json`, {
    compilerOptions: { ...settings, rootDir: '.', outDir: 'out', ...resolution },
  })
  writeFileSync(join(folder, kind, 'all.ts'), `${imports}\n${draws}`)
  if (type !== 'module') return
  for (const one of packages) {
    writeFileSync(join(folder, kind, `${basename(one.name)}.ts`), `${example(one) ?? ''}\nexport {}\n`)
  }
}

function writeJson(path: string, value: unknown) {
  writeFileSync(join(folder, path), JSON.stringify(value))
}
