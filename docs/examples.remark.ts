import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { withComments } from './comments'
import { excerpt } from './excerpt'

const folder = new URL('../examples/src/', import.meta.url)

interface Node {
  readonly type: string
  readonly lang?: string
  readonly value?: string
  children?: Node[]
  readonly [key: string]: unknown
}

/**
 * Remark plugin: puts programs of `examples` in the place of blocks in two languages. An empty block in the language `examples` becomes all
 * numbered programs; a block in the language `example`, which holds `FILE` or `FILE REGION`, becomes that program or that part of it.
 */
export default function examples() {
  return (tree: Node) => {
    tree.children = tree.children?.flatMap((node) => {
      if (node.lang === 'examples') return sections()
      return node.lang === 'example'
        ? [program(...(node.value!.trim().split(/\s+/) as [string, string?]))]
        : [node]
    })
  }
}

function program(name: string, region?: string): Node {
  const file = `${name}.ts`
  return code(file, excerpt(readFileSync(new URL(file, folder), 'utf8'), region))
}

function sections(): Node[] {
  const words = translations<{ readonly title: string; readonly about: string }>('examples')
  return readdirSync(folder)
    .filter((file) => /^\d+-.*(?<!\.test)\.ts$/.test(file))
    .sort()
    .flatMap((file) => {
      const source = readFileSync(new URL(file, folder), 'utf8')
      const [, comment = ''] = /^\/\*\*([\s\S]*?)\*\/\n/.exec(source) ?? []
      const about = comment.replaceAll(/\s*\n \* ?/g, ' ').replace(/^\s*Behaviours? [^:]*: /, '')
      const name = file
        .replace(/^\d+-/, '')
        .replace('.ts', '')
        .replaceAll('-', ' ')
        .replace(/^[so]de\b/, upper)
      const translated = words[file.replace('.ts', '')]
      return [
        { type: 'heading', depth: 2, children: [text(translated?.title ?? capital(name))] },
        { type: 'paragraph', children: [text(translated?.about ?? capital(about.trim()))] },
        code(file, excerpt(source)),
      ]
    })
}

/** In the language being built, where it is not that of the programs. */
function translations<T>(name: string): Readonly<Record<string, T>> {
  const path = new URL(`i18n/${process.env.DOCUSAURUS_CURRENT_LOCALE}/${name}.json`, import.meta.url)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

const code = (file: string, value: string): Node => ({
  type: 'code',
  lang: 'ts',
  meta: `title="examples/src/${file}"`,
  value: withComments(value, translations('comments')),
})
const text = (value: string): Node => ({ type: 'text', value })
const upper = (value: string) => value.toUpperCase()
const capital = (value: string) => upper(value.charAt(0)) + value.slice(1)
