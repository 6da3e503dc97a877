import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Comment, Converter, ReflectionKind } from 'typedoc'

/**
 * TypeDoc plugin: a module is named as users import it and opens with its package's README; destructured options are
 * named `options`.
 */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName
    if (file) Object.assign(reflection, introduce(file))
  })
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      if (reflection.name === '__namedParameters') reflection.name = 'options'
    }
  })
}

/** Name and comment of an entry point: `@sgm/tensor/testing` is packages/tensor/src/testing.ts, by `exports`. */
function introduce(file) {
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const source = `./${relative(folder, file)}`
  const path = Object.keys(exports).find((key) => exports[key] === source) ?? '.'
  const readme = join(folder, 'README.md')
  if (path !== '.' || !existsSync(readme)) return { name: join(name, path) }
  const text = readFileSync(readme, 'utf8').replace(/^# .*\n+/, '')
  return { name, comment: new Comment([{ kind: 'text', text }]) }
}
