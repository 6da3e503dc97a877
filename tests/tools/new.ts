import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { camelCase, docsFolders, type KindName, kinds } from './kinds.ts'

const usage = `usage: pnpm new ${Object.keys(kinds).join('|')} NAME   (NAME in kebab-case, such as dpm-solver)`
const templates = fileURLToPath(new URL('./templates/', import.meta.url))

/**
 * Makes the source, the test and the docs page of a new extension from the templates of its kind.
 *
 * @returns the paths made, seen from `root`.
 * @throws Error when the kind or the name is not one that can be made, or a file of it is there already.
 */
export function create(root: string, kind: string, name: string): string[] {
  if (!isKind(kind)) throw new Error(`new: expected a kind of ${Object.keys(kinds).join(', ')}, got ${kind}`)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`new: expected a name in kebab-case such as dpm-solver, got ${name}`)
  }
  if (['index', 'types', 'template'].includes(name) || reserved(camelCase(name))) {
    throw new Error(`new: expected a name that is free to use, got ${name}`)
  }
  const { folder, pages } = kinds[kind]
  const made = {
    source: join(folder, `${name}.ts`),
    test: join(folder, `${name}.test.ts`),
    page: join(docsFolders.en, pages, `${name}.md`),
  }
  const there = Object.values(made).filter((path) => existsSync(join(root, path)))
  if (there.length > 0)
    throw new Error(`new: expected a new name, got ${name}, of which ${there.join(', ')} exist`)
  for (const [part, path] of Object.entries(made)) {
    const text = readFileSync(join(templates, kind, part), 'utf8')
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), fill(text, name))
  }
  return Object.values(made)
}

const isKind = (kind: string): kind is KindName => Object.hasOwn(kinds, kind)

/** A factory of this name could not be declared. */
function reserved(identifier: string): boolean {
  try {
    new Function(`'use strict'; const ${identifier} = 0`)
    return false
  } catch {
    return true
  }
}

function fill(template: string, name: string): string {
  const camel = camelCase(name)
  const title = name.replaceAll('-', ' ')
  return template
    .replaceAll('{{name}}', name)
    .replaceAll('{{camel}}', camel)
    .replaceAll('{{Pascal}}', camel[0]!.toUpperCase() + camel.slice(1))
    .replaceAll('{{Title}}', title[0]!.toUpperCase() + title.slice(1))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, name, ...rest] = process.argv.slice(2)
  try {
    if (!kind || !name || rest.length > 0) throw new Error(usage)
    const root = fileURLToPath(new URL('../../', import.meta.url))
    const paths = create(root, kind, name)
    const { generate } = await import('./generate.ts')
    const written = await generate(root)
    for (const path of [...paths, ...written]) console.log(relative('.', join(root, path)))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
