import { useColorMode } from '@docusaurus/theme-common'
import useBaseUrl from '@docusaurus/useBaseUrl'
import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import type { ReactNode } from 'react'
import { type DemoName, demos } from './demos'
import Panel from './Panel'
import type { Options } from './spec'

export interface LiveProps {
  readonly name: DemoName
  /** Which sampler, process or loss a small figure is of: the name of its page. */
  readonly of?: string
}

/**
 * A demo that runs the packages in the page, once it is asked to.
 *
 * @throws Error, which ends the build of the site, for a name that no demo has.
 */
export default function Live({ name, of }: LiveProps): ReactNode {
  const { i18n, siteConfig } = useDocusaurusContext()
  const { colorMode } = useColorMode()
  const root = useBaseUrl('/')
  check(name, of)
  // Files of the site stand once, beside all languages.
  const site =
    i18n.currentLocale === i18n.defaultLocale
      ? root
      : siteConfig.baseUrl.replace(`${i18n.currentLocale}/`, '')
  return (
    <Panel
      name={name}
      language={i18n.currentLocale === 'ko' ? 'ko' : 'en'}
      theme={colorMode}
      site={site}
      {...(of !== undefined && { fixed: { of } })}
    />
  )
}

function check(name: string, of: string | undefined): void {
  if (!Object.hasOwn(demos, name))
    throw new Error(`Live: expected name ${Object.keys(demos).join(' | ')}, got ${name}`)
  const options: Options = demos[name as DemoName].options
  const kinds = options.of?.kind === 'choice' ? Object.keys(options.of.choices) : []
  if (of === undefined ? kinds.length > 0 : !kinds.includes(of))
    throw new Error(`Live: expected of ${kinds.join(' | ') || 'nothing'} for ${name}, got ${of}`)
}
