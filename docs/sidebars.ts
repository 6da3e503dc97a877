import { readdirSync } from 'node:fs'
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs'
import api from './docs/api/typedoc-sidebar'

type Item = Record<string, unknown> & { items?: Item[] }

const sidebars: SidebarsConfig = {
  guide: [
    { type: 'doc', id: 'index' },
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
    items: pages.map((file) => `${name}/${file.replace(/\.mdx?$/, '')}`).sort(),
  }
}

/** The same labels recur in every package: translations need each to have a key of its own. */
function keyed(items: Item[], path = 'api'): [] {
  return items.map((item) => {
    const key = `${path}/${item.label}`
    return { ...item, key, ...(item.items && { items: keyed(item.items, key) }) }
  }) as []
}

export default sidebars
