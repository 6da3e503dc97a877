import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from '@docusaurus/types'

/** A label of a figure, between its tags. */
const LABEL = /(?<=<text\b[^>]*>)[^<]+(?=<\/text>)/g

/** The labels of a figure, as it is written. */
export function labelsOf(svg: string): string[] {
  return svg.match(LABEL) ?? []
}

/** A figure with its labels in other words; those without a translation stay. */
export function withLabels(svg: string, words: Readonly<Record<string, string>>): string {
  return svg.replaceAll(LABEL, (label) => words[label] ?? label)
}

/** Docusaurus plugin: figures speak the language of their pages, by `figures.json` of its folder. */
export default function labels(): Plugin {
  return {
    name: 'labels-of-figures',
    async postBuild({ outDir, i18n, siteDir }) {
      const table = join(siteDir, 'i18n', i18n.currentLocale, 'figures.json')
      if (!existsSync(table)) return
      const words = JSON.parse(readFileSync(table, 'utf8'))
      const folder = join(outDir, 'img/figures')
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.svg'))) {
        const path = join(folder, file)
        writeFileSync(path, withLabels(readFileSync(path, 'utf8'), words))
      }
    },
  }
}
