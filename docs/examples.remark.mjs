import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../examples/src/', import.meta.url)

/** Remark plugin: puts the numbered programs of `examples` in the place of an empty block in the language `examples`. */
export default function examples() {
  return (tree) => {
    tree.children = tree.children.flatMap((node) => (node.lang === 'examples' ? sections() : [node]))
  }
}

function sections() {
  return readdirSync(folder)
    .filter((file) => /^\d+-.*(?<!\.test)\.ts$/.test(file))
    .sort()
    .flatMap((file) => {
      const [, comment = '', code = ''] =
        /^\/\*\*([\s\S]*?)\*\/\n([\s\S]*)$/.exec(readFileSync(new URL(file, folder), 'utf8')) ?? []
      const about = comment.replaceAll(/\s*\n \* ?/g, ' ').replace(/^\s*Behaviours? [^:]*: /, '')
      const name = file
        .replace(/^\d+-/, '')
        .replace('.ts', '')
        .replaceAll('-', ' ')
        .replace(/^[so]de\b/, upper)
      const program = code.replace(/^import .* from '\.\/show'\n/m, '').replace(/\nawait show\(.*\)\n$/, '')
      return [
        { type: 'heading', depth: 2, children: [text(capital(name))] },
        { type: 'paragraph', children: [text(capital(about.trim()))] },
        { type: 'code', lang: 'ts', meta: `title="examples/src/${file}"`, value: program.trim() },
      ]
    })
}

const text = (value) => ({ type: 'text', value })
const upper = (value) => value.toUpperCase()
const capital = (value) => upper(value.charAt(0)) + value.slice(1)
