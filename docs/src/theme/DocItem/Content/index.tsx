import { useDoc } from '@docusaurus/plugin-content-docs/client'
import Translate from '@docusaurus/Translate'
import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import Live from '@site/src/live/Live'
import { figureOf } from '@site/src/live/pages'
import type { Props } from '@theme/DocItem/Content'
import Original from '@theme-original/DocItem/Content'
import type { ReactNode } from 'react'
import styles from './styles.module.css'

/** A page, the figure of what it is about, the source it rests on, and a word where it is not translated yet. */
export default function DocItemContent(props: Props): ReactNode {
  const { metadata, frontMatter } = useDoc()
  const { i18n } = useDocusaurusContext()
  const { reference } = frontMatter as { reference?: string }
  const live = figureOf(metadata.id)
  const untranslated = i18n.currentLocale !== i18n.defaultLocale && metadata.source.startsWith('@site/docs/')
  return (
    <>
      {untranslated && (
        <p className={styles.notice}>
          <Translate id="doc.untranslated" description="Above a page that exists in English only">
            This page is in English only.
          </Translate>
        </p>
      )}
      <Original {...props} />
      {live && <Live {...live} />}
      {reference && (
        <p className={styles.note}>
          <Translate id="doc.reference" description="Before the literature that a page rests on">
            Reference:
          </Translate>{' '}
          <Links text={reference} />
        </p>
      )}
    </>
  )
}

/** Text in which `[label](address)` is a link. */
function Links({ text }: { text: string }): ReactNode {
  return text.split(/(\[[^\]]+\]\([^)]+\))/).map((part) => {
    const [, label, address] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? []
    return address ? (
      <a key={address} href={address}>
        {label}
      </a>
    ) : (
      part
    )
  })
}
