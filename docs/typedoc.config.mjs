import { readdirSync, readFileSync } from 'node:fs'

const packages = new URL('../packages/', import.meta.url)

/** Every entry point that a package's `exports` names, so that a new package documents itself. */
const entryPoints = readdirSync(packages).flatMap((folder) => {
  const { exports = {} } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'))
  return Object.values(exports)
    .filter((file) => typeof file === 'string' && file.endsWith('.ts'))
    .map((file) => `../packages/${folder}/${file}`)
})

/** @type {Partial<import('typedoc').TypeDocOptions> & Record<string, unknown>} */
export default {
  name: 'API',
  entryPoints,
  tsconfig: 'tsconfig.typedoc.json',
  plugin: [
    'typedoc-plugin-markdown',
    'typedoc-docusaurus-theme',
    './typedoc.names.mjs',
    './typedoc.functions.mjs',
  ],
  out: 'docs/api',
  docsPath: './docs',
  router: 'member',
  membersWithOwnFile: ['Function', 'Class'],
  readme: 'none',
  entryFileName: 'index',
  excludeScopesInPaths: true,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  // The type checker has its own task; a page is owed even while a signature is being changed.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: false },
  pageTitleTemplates: { member: '{name}' },
  hidePageHeader: true,
  hideBreadcrumbs: true,
  groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', '*'],
  useCodeBlocks: true,
  expandParameters: true,
  indexFormat: 'table',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideSources: true, hideInherited: true },
  sidebar: { typescript: true, pretty: true },
}
