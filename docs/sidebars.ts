import { readdirSync } from 'node:fs'
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs'
import api from './docs/api/typedoc-sidebar'

type Item = Record<string, unknown> & { items?: Item[] }

/** In the order of the article. */
const LEARN = [
  'learn/score',
  'learn/langevin',
  'learn/noise-levels',
  'learn/sdes',
  'learn/sampling',
  'learn/likelihood',
  'learn/conditioning',
  'learn/connections',
  'learn/tutorial',
  'learn/terms',
]

const GUIDES = [
  'guides/packages',
  'choosing',
  'guides/own-data',
  'data',
  'guides/images',
  'networks',
  'pretrained',
  'inverse',
  'guides/own-network',
  'guides/own-process',
  'guides/own-sampler',
  'train',
  'metrics',
  'figures',
  'cli',
  'where',
  'compile',
  'gpu',
  'guides/hyper-parameters',
  'guides/notation',
  'guides/names',
  'guides/reproducibility',
  'numbers',
  'guides/memory',
  'guides/troubleshooting',
  'examples',
  'report',
  'mnist',
]

const sidebars: SidebarsConfig = {
  guide: [
    { type: 'doc', id: 'index' },
    group('Learn', 'learn/index', LEARN),
    group('Guides', undefined, GUIDES),
    folder('Samplers', 'samplers'),
    folder('Processes', 'processes'),
    folder('Losses', 'losses'),
  ],
  api: [{ type: 'doc', id: 'api/index', label: 'Packages', key: 'packages' }, ...keyed(api.items as Item[])],
}

/** Pages in an order of ours. */
function group(label: string, index: string | undefined, pages: readonly string[]) {
  const items = pages.map((id) => ({ type: 'doc' as const, id }))
  return {
    type: 'category' as const,
    label,
    items,
    ...(index && { link: { type: 'doc' as const, id: index } }),
  }
}

/** A folder of pages, its index behind the label. */
function folder(label: string, name: string) {
  const pages = readdirSync(`${__dirname}/docs/${name}`).filter((file) => file !== 'index.md')
  return {
    type: 'category' as const,
    label,
    link: { type: 'doc' as const, id: `${name}/index` },
    items: pages
      .sort()
      .map((file) => ({ type: 'doc' as const, id: `${name}/${file.replace(/\.mdx?$/, '')}` })),
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
