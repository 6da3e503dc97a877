import { basename, dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { packages } from '../workspace.ts'

const entries = packages.flatMap(({ name, folder, manifest }) =>
  Object.entries(manifest.publishConfig?.exports ?? {})
    .filter(([path]) => path !== './package.json')
    .map(([path, target]) => ({ entry: join(name, path), types: join(folder, typesOf(target)) })),
)
const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }
const host: ts.CompilerHost = {
  ...ts.createCompilerHost(options),
  // Follows a package's own files alone: what it names of others stays a name.
  resolveModuleNameLiterals: (literals, file) =>
    literals.map(({ text }) => {
      const resolvedFileName = join(dirname(file), text.replace(/\.js$/, '.d.ts'))
      return { resolvedModule: text.startsWith('.') ? { resolvedFileName, extension: '.d.ts' } : undefined }
    }),
}
const program = ts.createProgram(
  entries.map(({ types }) => types),
  options,
  host,
)
const checker = program.getTypeChecker()
const printer = ts.createPrinter({ removeComments: true })

it.each(entries)('$entry exports what it did (else: pnpm api, and a changeset)', async ({ entry, types }) => {
  const source = program.getSourceFile(types)
  expect(source, `${types}: expected a build`).toBeDefined()
  const module = checker.getSymbolAtLocation(source!)
  const exported = module ? checker.getExportsOfModule(module) : []
  const lines = exported.map((symbol) => `## ${symbol.name}\n${describe(symbol)}\n`).sort()
  const name = entry.replace(/^@sgm\//, '').replaceAll('/', '-')
  await expect(`# ${entry}\n\n${lines.join('\n')}`).toMatchFileSnapshot(`api/${basename(name)}.txt`)
})

/** The declarations of an export, without their comments. */
function describe(symbol: ts.Symbol): string {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const declarations = target.declarations ?? symbol.declarations ?? []
  return declarations
    .map((node) => (ts.isVariableDeclaration(node) ? node.parent : node))
    .map((node) => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()))
    .join('\n')
}

function typesOf(target: unknown): string {
  return (target as { import: { types: string } }).import.types
}
