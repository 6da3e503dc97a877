import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs'
import api from './docs/api/typedoc-sidebar'

type Item = Record<string, unknown> & { items?: Item[] }

/** Titles of pages that are not translated yet, in the language being built. */
const titles = read(`${__dirname}/i18n/${process.env.DOCUSAURUS_CURRENT_LOCALE}/extensions.json`)

const sidebars: SidebarsConfig = {
  guide: [
    { type: 'doc', id: 'index' },
    { type: 'doc', id: 'choosing' },
    { type: 'doc', id: 'examples' },
    { type: 'doc', id: 'report' },
    { type: 'doc', id: 'cli' },
    { type: 'doc', id: 'mnist' },
    { type: 'doc', id: 'data' },
    { type: 'doc', id: 'networks' },
    { type: 'doc', id: 'train' },
    { type: 'doc', id: 'metrics' },
    { type: 'doc', id: 'figures' },
    { type: 'doc', id: 'where' },
    { type: 'doc', id: 'compile' },
    { type: 'doc', id: 'gpu' },
    { type: 'doc', id: 'numbers' },
    folder('Samplers', 'samplers'),
    folder('Processes', 'processes'),
    folder('Losses', 'losses'),
  ],
  api: [{ type: 'doc', id: 'api/index', label: 'Packages', key: 'packages' }, ...keyed(api.items as Item[])],
}

/** A folder of pages, its index behind the label. */
function folder(label: string, name: string) {
  const pages = readdirSync(`${__dirname}/docs/${name}`).filter((file) => file !== 'index.md')
  return {
    type: 'category' as const,
    label,
    link: { type: 'doc' as const, id: `${name}/index` },
    items: pages.sort().map((file) => {
      const id = `${name}/${file.replace(/\.mdx?$/, '')}`
      const label = titles[id]?.title
      return { type: 'doc' as const, id, ...(label && { label }) }
    }),
  }
}

function read(path: string): Record<string, { title: string }> {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The same labels recur in every package: translations need each to have a key of its own. */
function keyed(items: Item[], path = 'api'): [] {
  return items.map((item) => {
    const key = `${path}/${item.label}`
    return { ...item, key, ...(item.items && { items: keyed(item.items, key) }) }
  }) as []
}

export default sidebars
