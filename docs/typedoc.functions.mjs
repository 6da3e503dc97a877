import { readFileSync } from 'node:fs'
import { Comment, Converter, ReflectionKind } from 'typedoc'
import { withImports } from './api.imports.mjs'

/** What parameters are that mean the same everywhere, by name and type. */
const glossary = JSON.parse(readFileSync(new URL('api.parameters.json', import.meta.url), 'utf8'))
const types = ReflectionKind.Interface | ReflectionKind.TypeAlias

/**
 * TypeDoc plugin: examples of docstrings get their imports, and parameters of which a docstring says nothing what the glossary says of
 * them, or the options that there are.
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const exported = (project.children ?? []).flatMap(({ name: module, children = [] }) =>
      children.map(({ name, kind }) => ({ name, module, type: Boolean(kind & types) })),
    )
    for (const reflection of Object.values(project.reflections)) {
      for (const part of examples(reflection))
        part.text = pasteable(part.text, exported, moduleOf(reflection))
    }
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      if (!parameter.comment) parameter.comment = new Comment(described(parameter))
    }
  })
}

function examples({ comment }) {
  const tags = comment?.getTags('@example') ?? []
  return tags.flatMap(({ content }) => content.filter(({ kind }) => kind === 'code'))
}

const pasteable = (text, exported, module) =>
  text.replace(
    /```ts\n([\s\S]*?)\n```/,
    (_, code) => `\`\`\`ts\n${withImports(code, exported, module)}\n\`\`\``,
  )

const moduleOf = (reflection) =>
  reflection.kindOf(ReflectionKind.Module) ? reflection.name : moduleOf(reflection.parent)

/** @returns {{ readonly kind: 'text', readonly text: string }[]} */
function described({ name, type }) {
  const known = glossary[`${name === '__namedParameters' ? 'options' : name}: ${type}`]
  if (known) return [{ kind: 'text', text: known }]
  if (!/Options\b/.test(String(type))) return []
  return fieldsOf(type).flatMap((field, i) => [
    {
      kind: 'text',
      text: `${i === 0 ? '' : ' · '}**\`${field.name}\`**${field.flags.isOptional ? '' : ' (must be given)'} `,
    },
    ...(field.comment?.summary ?? []).map(unlinked),
    ...defaultOf(field),
  ])
}

/** A link of a field's own page as the name that it shows: elsewhere the name may stand for nothing. */
const unlinked = (part) =>
  part.kind === 'inline-tag' ? { kind: 'code', text: `\`${part.text.split('|').at(-1).trim()}\`` } : part

const fieldsOf = (type) => type?.reflection?.children ?? (type?.types ?? []).flatMap(fieldsOf)

function defaultOf({ comment }) {
  const value = Comment.combineDisplayParts(comment?.getTag('@default')?.content).replaceAll(
    /```ts\n|\n```|`/g,
    '',
  )
  return value ? [{ kind: 'text', text: ` Default: \`${value}\`.` }] : []
}
