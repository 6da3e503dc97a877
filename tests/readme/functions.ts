import { join } from 'node:path'
import ts from 'typescript'
import glossary from '../../docs/api.parameters.json' with { type: 'json' }
import { packages } from '../workspace.ts'
import { compilerOptions } from './modules.ts'

/** A function that a package exports, as its page describes it. */
export interface DocumentedFunction {
  readonly name: string
  readonly module: string
  readonly example: string | undefined
  /** Parameters, and fields of options, of which nothing is said. */
  readonly undescribed: readonly string[]
}

/** What the packages export, by module. */
export interface Exported {
  readonly name: string
  readonly module: string
  readonly type: boolean
}

const entries = packages.flatMap(({ name, folder, manifest }) =>
  Object.entries(manifest.exports)
    .filter(([, file]) => typeof file === 'string' && file.endsWith('.ts'))
    .map(([path, file]) => ({ module: join(name, path), file: join(folder, String(file)) })),
)
export const program = ts.createProgram(
  entries.map(({ file }) => file),
  compilerOptions(),
)
const checker = program.getTypeChecker()
const symbols = entries.flatMap(({ module, file }) => {
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
  return checker.getExportsOfModule(symbol).map((one) => ({ name: one.name, module, symbol: unaliased(one) }))
})

export const exported: readonly Exported[] = symbols.map(({ name, module, symbol }) => ({
  name,
  module,
  type: !(symbol.flags & ts.SymbolFlags.Value),
}))

export const functions: readonly DocumentedFunction[] = symbols.flatMap(({ name, module, symbol }) => {
  const calls = symbol.flags & ts.SymbolFlags.Value ? checker.getTypeOfSymbol(symbol).getCallSignatures() : []
  if (calls.length === 0) return []
  const example = symbol.getJsDocTags(checker).find((tag) => tag.name === 'example')
  return {
    name,
    module,
    example: example && ts.displayPartsToString(example.text),
    undescribed: [
      ...new Set(calls.flatMap((call) => call.parameters).flatMap((one) => undescribed(symbol, one))),
    ],
  }
})

/** What is said nowhere of a parameter of a function, at none of its overloads. */
function undescribed(fn: ts.Symbol, parameter: ts.Symbol): string[] {
  const declaration = parameter.valueDeclaration as ts.ParameterDeclaration
  const type = checker.getTypeOfSymbol(parameter)
  const written = declaration.type?.getText() ?? checker.typeToString(type)
  const name = ts.isIdentifier(declaration.name) ? parameter.name : 'options'
  if (`${name}: ${written}` in glossary) return []
  const tags = fn.getJsDocTags(checker).filter((tag) => tag.name === 'param')
  if (tags.some(({ text = [] }) => text[0]?.text === name && text.length > 1)) return []
  if (!/Options\b/.test(written)) return [`${name}: ${written}`]
  return checker
    .getPropertiesOfType(checker.getNonNullableType(type))
    .filter((field) => ![...field.getDocumentationComment(checker), ...field.getJsDocTags(checker)].length)
    .map((field) => `${written}.${field.name}`)
}

function unaliased(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
