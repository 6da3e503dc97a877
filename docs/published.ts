import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from '@docusaurus/types'

interface Manifest {
  readonly name: string
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, { readonly import?: { readonly default: string } }>>
  }
}

const packages = join(__dirname, '../packages')

/** Docusaurus plugin: demos run the packages as they are published, built and with their WebAssembly beside them. */
export default function published(): Plugin {
  return {
    name: 'published-packages',
    // Demos do not run where pages are rendered, and bundlers cannot read the native files that they would run on there.
    configureWebpack: (_, isServer) => ({
      resolve: {
        alias: { ...Object.fromEntries(entries()), ...(isServer && { 'onnxruntime-node': false }) },
      },
    }),
  }
}

/** The file behind each entry point of each package. */
function entries(): [string, string][] {
  return readdirSync(packages).flatMap((folder) => {
    const path = join(packages, folder, 'package.json')
    if (!existsSync(path)) return []
    const { name, publishConfig }: Manifest = JSON.parse(readFileSync(path, 'utf8'))
    return Object.entries(publishConfig?.exports ?? {}).flatMap(([entry, target]): [string, string][] =>
      target.import ? [[`${entry.replace('.', name)}$`, join(packages, folder, target.import.default)]] : [],
    )
  })
}
