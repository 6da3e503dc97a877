import docs, { type LoadedContent, type PluginOptions } from '@docusaurus/plugin-content-docs'
import type { LoadContext, Plugin, RouteConfig } from '@docusaurus/types'

export { validateOptions } from '@docusaurus/plugin-content-docs'

/**
 * Docusaurus's plugin of docs, without what only cards of pages would read: titles and descriptions of all pages, which were three
 * quarters of the data that each page fetched. A card that comes nevertheless does not render.
 */
export default async function leanDocs(
  context: LoadContext,
  options: PluginOptions,
): Promise<Plugin<LoadedContent>> {
  const plugin = await docs(context, options)
  return {
    ...plugin,
    contentLoaded: async ({ actions, ...loaded }) =>
      plugin.contentLoaded?.({
        ...loaded,
        actions: { ...actions, addRoute: (route) => actions.addRoute(withoutCards(route)) },
      }),
  }
}

function withoutCards({ routes, props, ...route }: RouteConfig): RouteConfig {
  return {
    ...route,
    ...(routes && { routes: routes.map(withoutCards) }),
    ...(props && { props: props.version ? { ...props, version: { ...props.version, docs: {} } } : props }),
  }
}
