import { JOINER, joined } from './src/particles'

interface Node {
  readonly type: string
  value?: string
  readonly children?: readonly Node[]
}

/** Remark plugin: keeps Korean particles on the line of the formula, the code or the bracket that they follow. */
export default function particles() {
  return (tree: Node) => visit(tree)
}

function visit({ children = [] }: Node): void {
  for (const [i, node] of children.entries()) {
    if (node.type !== 'text') visit(node)
    else if (node.value) {
      const follows = i > 0 && /^\p{Script=Hangul}/u.test(node.value)
      node.value = (follows ? JOINER : '') + joined(node.value)
    }
  }
}
