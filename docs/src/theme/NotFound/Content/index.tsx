import Link from '@docusaurus/Link'
import Translate from '@docusaurus/Translate'
import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import Heading from '@theme/Heading'
import { type ReactNode, useEffect } from 'react'

/** What is shown where there is no page: ways back. */
export default function NotFoundContent(): ReactNode {
  useOwnLanguage()
  return (
    <main className="container margin-vert--xl markdown">
      <Heading as="h1">
        <Translate id="notFound.title">There is no page here</Translate>
      </Heading>
      <p>
        <Translate id="notFound.text">
          The address may be misspelt, or the page has moved. The search above finds pages and functions by
          name.
        </Translate>
      </p>
      <ul>
        <li>
          <Link to="/">
            <Translate id="notFound.start">To the start</Translate>
          </Link>
        </li>
        <li>
          <Link to="/choosing">
            <Translate id="notFound.choosing">Which sampler, process, loss?</Translate>
          </Link>
        </li>
        <li>
          <Link to="/api/">
            <Translate id="notFound.api">All functions</Translate>
          </Link>
        </li>
      </ul>
    </main>
  )
}

/** Static hosts answer with the page of the default language, whatever the language of the address is. */
function useOwnLanguage(): void {
  const { siteConfig, i18n } = useDocusaurusContext()
  useEffect(() => {
    const homes = i18n.locales.map((locale) => `${siteConfig.baseUrl}${locale}/`)
    const home = homes.find((one) => window.location.pathname.startsWith(one))
    if (home) window.location.replace(`${home}404.html`)
  }, [siteConfig, i18n])
}
