const JOINER = '\u2060'

/**
 * Lets the keyboard reach displayed equations, which scroll where the screen is narrow, and keeps a Korean particle on the line of the short
 * formula that it follows: to browsers a formula is a box, beside which lines break whatever joins it.
 */
export default function equations() {
  return (tree) => visit(tree)
}

function visit(node) {
  if (isOf(node, 'katex-display')) node.properties.tabIndex = 0
  for (const child of node.children ?? []) visit(child)
  if (node.children) node.children = glued(node.children)
}

/** Puts formulas of one box, and the words that are joined to them, into spans that do not break. */
function glued(children) {
  return children.flatMap((child, i) => {
    const [, word, rest] = textAfter(children[i - 1], child)
    if (word) return rest ? [{ type: 'text', value: rest }] : []
    const [, next] = textAfter(child, children[i + 1])
    if (!next) return [child]
    const properties = { className: ['glued'] }
    return [
      { type: 'element', tagName: 'span', properties, children: [child, { type: 'text', value: next }] },
    ]
  })
}

/** The first word of a text that is joined to a formula, and what follows it. */
function textAfter(formula, text) {
  const joins = formula && isOf(formula, 'katex') && boxes(formula) === 1 && text?.type === 'text'
  return (joins && text.value.startsWith(JOINER) && /^(\S+)(.*)$/s.exec(text.value)) || []
}

const boxes = (node) =>
  isOf(node, 'base') ? 1 : (node.children ?? []).reduce((sum, one) => sum + boxes(one), 0)

function isOf(node, name) {
  const names = node.properties?.className
  return Array.isArray(names) && names.includes(name)
}
