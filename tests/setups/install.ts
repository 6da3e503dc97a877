import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { manager, root } from '../workspace.ts'
import { output } from './run.ts'

const wanted = ['backend-onnx', 'data', 'losses', 'samplers', 'score', 'sde', 'tensor', 'train']

/** A blank project with the tools of tools.json and the packed packages, once for all the suites. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'sgm-setups-'))
  cpSync(join(import.meta.dirname, 'project'), folder, { recursive: true })
  const { tarballs } = project.getProvidedContext()
  const own = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, 'tools.json'), 'utf8'))
  for (const name of wanted) manifest.dependencies[`@sgm/${name}`] = own[`@sgm/${name}`]
  // Nothing needs an install script: binaries come as packages.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, pnpm: { overrides: own } }))
  writeFileSync(join(folder, 'readme.ts'), readme())
  await output('npx', ['-y', manager, 'install', '--ignore-scripts', '--prefer-offline'], folder)
  await Promise.all([
    compile(folder, 'bundler', { module: 'esnext', moduleResolution: 'bundler', noEmit: true }),
    compile(folder, 'nodenext', { module: 'nodenext' }),
    compile(folder, 'node16', { module: 'node16', outDir: 'cjs' }, 'commonjs'),
  ])
  project.provide('folder', folder)
  return () => rmSync(folder, { recursive: true })
}

/** The README's first lines as a function. */
function readme(): string {
  const text = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
  const [imports, lines] = [true, false].map((kept) =>
    text.split('\n').filter((line) => line.startsWith('import ') === kept),
  )
  const body = lines!.join('\n').replace('console.log(await x.data())', 'return [...(await x.data())]')
  return `${imports!.join('\n')}\nexport async function readme() {${body}}\n`
}

/** Type-checks the program as TypeScript resolves modules in one of its ways, and writes it as JavaScript. */
async function compile(folder: string, name: string, options: object, type = 'module') {
  const sources = name === 'node16' ? ['cjs/program.ts', 'cjs/readme.ts'] : ['program.ts', 'readme.ts']
  if (type === 'commonjs') {
    for (const file of ['program.ts', 'readme.ts']) cpSync(join(folder, file), join(folder, 'cjs', file))
    writeFileSync(join(folder, 'cjs/package.json'), JSON.stringify({ type }))
    writeFileSync(
      join(folder, 'cjs/run.js'),
      "require('./program.js').program().then((result) => console.log(JSON.stringify(result)))\n",
    )
  }
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable', 'dom'],
    strict: true,
    types: [],
    skipLibCheck: true,
    ...options,
  }
  writeFileSync(
    join(folder, `tsconfig.${name}.json`),
    JSON.stringify({ compilerOptions, files: sources.map((file) => `./${file}`) }),
  )
  await output('node', ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${name}.json`], folder)
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the project is installed. */
    folder: string
  }
}
