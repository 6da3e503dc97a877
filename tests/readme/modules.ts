import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../workspace.ts'

const folder = join(import.meta.dirname, '../node_modules/.examples')

/** An example as a module. */
export interface Module {
  readonly name: string
  readonly code: string
}

/** Where the module of an example is. */
export const fileOf = (name: string) => join(folder, `${name.replaceAll(/\W+/g, '-')}.ts`)

/** Writes modules, and says what the compiler has against each; what a program before has read is not read again. */
export function writeModules(
  modules: readonly Module[],
  before?: ts.Program,
): ReadonlyMap<string, readonly string[]> {
  mkdirSync(folder, { recursive: true })
  for (const { name, code } of modules) writeFileSync(fileOf(name), `${code}\nexport {}\n`)
  const program = ts.createProgram(
    modules.map(({ name }) => fileOf(name)),
    compilerOptions(),
    undefined,
    before,
  )
  // Of the modules alone: what they import has a check of its own.
  const complaints = program.getRootFileNames().map((name) => {
    const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(name))
    return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))] as const
  })
  return new Map(complaints)
}

/** Those of the workspace. */
export function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options
}
