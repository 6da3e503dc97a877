import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Converter, ReflectionKind } from 'typedoc'

/** TypeDoc plugin: modules are named as users import them, destructured options `options`. */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName
    if (file) reflection.name = importName(file)
  })
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      if (reflection.name === '__namedParameters') reflection.name = 'options'
    }
  })
}

/** `@sgm/tensor/testing` of packages/tensor/src/testing.ts, by the package's `exports`. */
function importName(file) {
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const source = `./${relative(folder, file)}`
  const path = Object.keys(exports).find((key) => exports[key] === source)
  return join(name, path ?? '.')
}
