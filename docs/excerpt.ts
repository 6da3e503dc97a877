const WIDTH = 80

/**
 * A program of `examples` without what serves to run it from a terminal or, of one with regions, the lines between each `// #region NAME` and its
 * `// #endregion`, with the imports and the options of `main` that they use.
 *
 * @throws RangeError where no region has the name.
 */
export function excerpt(source: string, region?: string): string {
  const program = source
    .replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
    .replace(/^import .* from '\.\/show'\n/m, '')
    .replace(/\nawait show\([\s\S]*\)\n$/, '')
  if (region === undefined) return program.replaceAll(/^ *\/\/ #(end)?region.*\n/gm, '').trim()
  const parts = [...program.matchAll(/^ *\/\/ #region (\S+)\n([\s\S]*?)^ *\/\/ #endregion$/gm)]
    .filter(([, name]) => name === region)
    .map(([, , lines]) => dedented(lines!))
  if (parts.length === 0) throw new RangeError(`excerpt: expected a region of the program, got ${region}`)
  const lines = parts.join('\n')
  return [...imports(program, lines), '', ...options(program, lines), lines.trimEnd()].join('\n').trim()
}

function dedented(lines: string): string {
  const margin = Math.min(...[...lines.matchAll(/^( *)\S/gm)].map(([, space]) => space!.length))
  return lines.replaceAll(new RegExp(`^ {${margin}}`, 'gm'), '')
}

/** The options of `main` that some lines use, with their defaults. */
function options(program: string, lines: string): string[] {
  const [, clause = ''] = /function main\(\{(.*)\} = \{\}\)/.exec(program) ?? []
  return [...clause.matchAll(/(\w+) = (\[[^\]]*\]|[^,\s]+)/g)]
    .filter(([, name]) => uses(lines, name!))
    .map(([declaration]) => `const ${declaration}`)
}

/** As a variable, not as a property or its key. */
const uses = (lines: string, name: string) =>
  new RegExp(`(?<![.\\w])${name}\\b(?!:)|\\.\\.\\.${name}\\b`).test(lines)

/** Of the imports of a program, those that some lines of it use. */
function imports(program: string, lines: string): string[] {
  return [...program.matchAll(/^import ([^']*) from '([^']*)'$/gm)].flatMap(([all, clause, from]) => {
    const named = /^(?:type )?\{([\s\S]*)\}$/.exec(clause!)
    if (!named) return uses(lines, clause!.split(' ').at(-1)!) ? [all] : []
    const names = named[1]!.split(',').map((name) => name.trim())
    const kept = names.filter((name) => name && uses(lines, name.split(' ').at(-1)!))
    if (kept.length === 0) return []
    const short = `import ${clause!.startsWith('type') ? 'type ' : ''}{ ${kept.join(', ')} } from '${from}'`
    return [
      short.length <= WIDTH
        ? short
        : `import {\n${kept.map((name) => `  ${name},\n`).join('')}} from '${from}'`,
    ]
  })
}
