import ts from 'typescript'

/** What examples may take from elsewhere, and the module that has it. */
const others = { readFile: 'node:fs/promises', writeFile: 'node:fs/promises' }

/**
 * An example of a docstring with the imports that it needs before it.
 *
 * @param {string} code
 * @param {readonly { readonly name: string, readonly module: string, readonly type: boolean }[]} exported What the packages export.
 * @param {string} own The module that is documented: it goes first where several export a name.
 * @returns {string}
 */
export function withImports(code, exported, own) {
  /** @type {Map<string, string[]>} */
  const wanted = new Map()
  const names = freeNames(code)
  const take = (/** @type {string} */ module, /** @type {string} */ name) =>
    wanted.set(module, [...(wanted.get(module) ?? []), name])
  for (const name of [...names].sort()) {
    const found = exported.filter((one) => one.name === name)
    const one = found.find(({ module }) => module === own) ?? found[0]
    if (one) take(one.module, one.type ? `type ${name}` : name)
    else if (name in others) take(others[/** @type {keyof typeof others} */ (name)], name)
  }
  const lines = [...wanted].sort().map(([module, list]) => `import { ${list.join(', ')} } from '${module}'`)
  if (names.has('tf')) lines.unshift("import * as tf from '@tensorflow/tfjs'")
  return [...lines.map(wrapped), ...(lines.length > 0 ? [''] : []), code].join('\n')
}

/** A long import with a name a line. */
function wrapped(/** @type {string} */ line) {
  if (line.length <= 80) return line
  return line
    .replace('{ ', '{\n  ')
    .replace(' }', ',\n}')
    .replaceAll(/, (?!\n)/g, ',\n  ')
}

/** Names that code uses and does not declare. */
function freeNames(/** @type {string} */ code) {
  /** @type {Set<string>} */
  const used = new Set()
  /** @type {Set<string>} */
  const declared = new Set()
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isIdentifier(node)) (declares(node) ? declared : names(node) ? new Set() : used).add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true))
  return new Set([...used].filter((name) => !declared.has(name)))
}

function declares(/** @type {ts.Identifier} */ node) {
  const { parent } = node
  return (
    (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) &&
    parent.name === node
  )
}

/** Whether an identifier names a member, and refers to nothing outside. */
function names(/** @type {ts.Identifier} */ node) {
  const { parent } = node
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isBindingElement(parent) && parent.propertyName === node) ||
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)) &&
      parent.name === node)
  )
}
