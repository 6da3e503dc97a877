/** Lets the keyboard reach displayed equations, which scroll where the screen is narrow. */
export default function equations() {
  return (tree) => visit(tree)
}

function visit(node) {
  const names = node.properties?.className ?? []
  if (Array.isArray(names) && names.includes('katex-display')) node.properties.tabIndex = 0
  for (const child of node.children ?? []) visit(child)
}
